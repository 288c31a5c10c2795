package sample

// term is an agreed payment term. Formulas: net n: issue + n days; end of month
// after n: end of the month of (issue + n days) + k days; end of month then n: end
// of the month of issue + n days.
type term struct {
	text string // as encours.yaml writes it
	kind termKind
	n, k int32
}

type termKind uint8

const (
	netDays termKind = iota
	endOfMonthAfter
	endOfMonthThen
)

// customerTerms and supplierTerms are the terms of counterparties that do not have
// the default of their entity; the wording varies as it does between companies.
var (
	customerTerms = []term{
		{text: "comptant", kind: netDays, n: 0},
		{text: "NET 45", kind: netDays, n: 45},
		{text: "60 jours", kind: netDays, n: 60},
		{text: "45 jours fin de mois", kind: endOfMonthAfter, n: 45},
		{text: "fin de mois + 45 jours", kind: endOfMonthThen, n: 45},
		{text: "30 jours fin de mois le 10", kind: endOfMonthAfter, n: 30, k: 10},
		{text: "NET15", kind: netDays, n: 15},
	}
	supplierTerms = []term{
		{text: "30 jours net", kind: netDays, n: 30},
		{text: "EOM_AFTER(30)", kind: endOfMonthAfter, n: 30},
		{text: "à réception", kind: netDays, n: 0},
	}
)

// due returns the day on which an invoice of day issue falls due.
func (t *term) due(c *calendar, issue int32) int32 {
	switch t.kind {
	case endOfMonthAfter:
		return c.monthEnd(issue+t.n) + t.k
	case endOfMonthThen:
		return c.monthEnd(issue) + t.n
	}
	return issue + t.n
}
