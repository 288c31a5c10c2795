package project

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// TermsExamples are accepted ways to write terms, for messages.
const TermsExamples = `"comptant", "30 jours", "NET 60", "45 jours fin de mois", "fin de mois + 45 jours", "30 jours fin de mois le 10", "30 jours le 15 et le 30", "30/60/90", "2/10 net 30"`

// The pieces of the grammar: days, a unit, the day of the month of a payment.
const (
	daysPart = `([0-9]{1,3}(?: ?/ ?[0-9]{1,3})*)`
	unitPart = `(?:j|jrs?|jours?|d|days?)`
	eomPart  = `(?:fin de mois|fin du mois|fdm|end of month|eom)`
	onPart   = `(?: (?:le|on the) ([0-9]{1,2})(?: (?:(?:et|ou|and|or) )?(?:(?:le|on the) )?([0-9]{1,2}))?)?`
)

var (
	termsDiscount = regexp.MustCompile(`^([0-9]{1,2}(?:[.,][0-9]{1,2})?)(?: ?% ?(?:/ ?|a |sous )?| ?/ ?)([0-9]{1,3})(?: ?` + unitPart + `)?,? (?:net|n) ?/? ?([0-9]{1,3})(?: ?` + unitPart + `)?(?: nets?)?$`)
	termsDays     = regexp.MustCompile(`^(net ?)?` + daysPart + `( ?` + unitPart + `)?(?: nets?)?(?: (?:date de facture|from invoice date))?( ` + eomPart + `)?` + onPart + `$`)
	termsEOMThen  = regexp.MustCompile(`^` + eomPart + `(?: ?\+? ?` + daysPart + ` ?` + unitPart + `)?` + onPart + `$`)
	termsOn       = regexp.MustCompile(`^` + strings.TrimSuffix(strings.TrimPrefix(onPart, `(?: `), `)?`) + `$`)
	termsCode     = regexp.MustCompile(`^(?:disc\( ?([0-9]{1,2}(?:\.[0-9]{1,2})?) ?, ?([0-9]{1,3}) ?\) ?)?(?:(net) ?` + daysPart + `|(eom_after|eom_then) ?\( ?` + daysPart + ` ?\))(?: ?\+ ?([0-9]{1,2}))?(?: ?@ ?([0-9]{1,2})(?: ?, ?([0-9]{1,2}))?)?$`)
	termsSpaces   = regexp.MustCompile(`[\s\x{00A0}\x{202F}]+`)
	termsAccents  = strings.NewReplacer("à", "a", "é", "e", "è", "e", "û", "u")
)

// atSight are the terms that leave no time.
var atSight = []string{
	"comptant", "au comptant", "paiement comptant", "a reception", "a reception de facture",
	"a reception facture", "immediat", "immediate", "due on receipt", "cash",
}

// ParseTerms reads payment terms as people write them, or in their normal form,
// whatever the case, spaces and accents. It is the one definition: encours.yaml and
// the terms that extracts carry are read by it. An empty reading is DaysFirst.
func ParseTerms(text string, reading EndOfMonth) (Terms, error) {
	s := termsAccents.Replace(strings.ToLower(text))
	s = strings.TrimSpace(termsSpaces.ReplaceAllString(s, " "))
	for _, word := range []string{"paiement ", "reglement ", "payment ", "a "} {
		if rest, ok := strings.CutPrefix(s, word); ok && !slices.Contains(atSight, s) {
			s = rest
		}
	}
	t, ok := readTermsText(s, reading)
	if !ok {
		return Terms{}, fmt.Errorf("payment terms %q are not understood: write them like %s", text, TermsExamples)
	}
	if !t.possible() {
		return Terms{}, fmt.Errorf("payment terms %q are not possible: at most 365 days, instalments in ascending order, at most 31 days after the end of a month, payment days from 1 to 31", text)
	}
	t.Code = t.code()
	return t, nil
}

func readTermsText(s string, reading EndOfMonth) (Terms, bool) {
	if slices.Contains(atSight, s) {
		return Terms{Kind: Net}, true
	}
	if m := termsDiscount.FindStringSubmatch(s); m != nil {
		percent := trimPercent(strings.ReplaceAll(m[1], ",", "."))
		return Terms{Kind: Net, Days: number(m[3]), Discount: Discount{percent, number(m[2])}}, true
	}
	if m := termsCode.FindStringSubmatch(s); m != nil {
		t := Terms{Kind: Net, PlusDays: number(m[7])}
		if m[5] != "" {
			t.Kind = TermsKind(strings.ToUpper(m[5]))
		}
		if m[1] != "" {
			t.Discount = Discount{trimPercent(m[1]), number(m[2])}
		}
		t.setDays(m[4] + m[6])
		t.setPaymentDays(m[8], m[9])
		return t, t.PlusDays == 0 || t.Kind == EOMAfter
	}
	if m := termsDays.FindStringSubmatch(s); m != nil {
		return readDays(m, reading)
	}
	if m := termsEOMThen.FindStringSubmatch(s); m != nil {
		if m[1] == "" { // "fin de mois": both readings are one
			t := Terms{Kind: EOMAfter}
			t.setMonthEndDays(m[2], m[3])
			return t, true
		}
		t := Terms{Kind: EOMThen}
		t.setDays(m[1])
		t.setPaymentDays(m[2], m[3])
		return t, true
	}
	if m := termsOn.FindStringSubmatch(s); m != nil {
		t := Terms{Kind: Net}
		t.setPaymentDays(m[1], m[2])
		return t, true
	}
	return Terms{}, false
}

// readDays reads a match of termsDays. A number alone may be a code of the
// software, so that it needs a unit; instalments need none.
func readDays(m []string, reading EndOfMonth) (Terms, bool) {
	net, days, unit, month, first, second := m[1], m[2], m[3], m[4], m[5], m[6]
	t := Terms{Kind: Net}
	t.setDays(days)
	if net == "" && unit == "" && month == "" && (len(t.Instalments) == 0 || t.Instalments[0] < 15) {
		return Terms{}, false
	}
	switch {
	case month == "":
		t.setPaymentDays(first, second)
	case reading == MonthFirst:
		t.Kind = EOMThen
		t.setPaymentDays(first, second)
	default:
		t.Kind = EOMAfter
		t.setMonthEndDays(first, second)
	}
	return t, true
}

// setDays reads "30" or "30/60/90".
func (t *Terms) setDays(text string) {
	var all []int
	sum := 0
	for part := range strings.SplitSeq(text, "/") {
		all = append(all, number(strings.TrimSpace(part)))
		sum += all[len(all)-1]
	}
	t.Days = (sum + len(all) - 1) / len(all)
	if len(all) > 1 {
		t.Instalments = all
	}
}

func (t *Terms) setPaymentDays(first, second string) {
	for _, day := range []string{first, second} {
		if day != "" {
			t.PaymentDays = append(t.PaymentDays, number(day))
		}
	}
	slices.Sort(t.PaymentDays)
	t.PaymentDays = slices.Compact(t.PaymentDays)
}

// setMonthEndDays: one day after an end of month is that many days later; of two,
// the first that comes.
func (t *Terms) setMonthEndDays(first, second string) {
	if plus := number(first); second == "" && (first == "" || plus > 0) {
		t.PlusDays = plus
		return
	}
	t.setPaymentDays(first, second)
}

func (t Terms) possible() bool {
	last := max(t.Days, t.Discount.Days)
	for i, days := range t.Instalments {
		if i > 0 && days <= t.Instalments[i-1] {
			return false
		}
		last = max(last, days)
	}
	for _, day := range t.PaymentDays {
		if day < 1 || day > 31 {
			return false
		}
	}
	return last <= 365 && t.PlusDays <= 31 && len(t.Instalments) <= 36
}

// trimPercent writes 2.50 as 2.5 and 02 as 2.
func trimPercent(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	if s = strings.TrimLeft(s, "0"); s == "" || strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	return s
}

// number reads digits that a pattern has matched; no digits are 0.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
