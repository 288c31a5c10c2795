package project

// Methods by which the balance of an entity in another currency becomes an amount
// of the group.
const (
	TranslateClosing  = "closing"  // at the rate of the as-of date
	TranslateHistoric = "historic" // each item at the rate of its accounting date
	TranslateFixed    = "fixed"    // at the rate of ref/fixed_rates.csv
)

// readCurrency reads the currency of the group: its code alone, or the code and
// the method of translation.
func (p *Project) readCurrency(n node) {
	if _, isRecord := entriesOf(n.value); !isRecord {
		n.matching(currencyForm, currencyWords, &p.Currency)
		return
	}
	n.record(map[string]func(node){
		"code":   func(n node) { n.matching(currencyForm, currencyWords, &p.Currency) },
		"method": func(n node) { n.oneOf(&p.Translation, TranslateClosing, TranslateHistoric, TranslateFixed) },
	}, "code", "method")
}
