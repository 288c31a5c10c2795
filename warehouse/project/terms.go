package project

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TermsKind is the formula of payment terms.
type TermsKind string

// The formulas for the due date of a document of date d, with n days. Both
// readings of "n days end of month" are lawful.
const (
	Net      TermsKind = "NET"       // d + n
	EOMAfter TermsKind = "EOM_AFTER" // end of the month of d + n
	EOMThen  TermsKind = "EOM_THEN"  // end of the month of d, then + n
)

// Terms are payment terms in their normal form.
type Terms struct {
	Kind     TermsKind
	Days     int    // n
	PlusDays int    // added at the end: "30 jours fin de mois le 10"
	Code     string // NET30, EOM_AFTER(45), EOM_THEN(45), EOM_AFTER(30)+10
}

// TermsExamples are accepted ways to write terms, for messages.
const TermsExamples = `"comptant", "30 jours", "NET 60", "45 jours fin de mois", "fin de mois + 45 jours", "30 jours fin de mois le 10"`

var (
	termsNet      = regexp.MustCompile(`^(?:net ?([0-9]{1,3})(?: ?(?:j|jours?|days?))?|([0-9]{1,3}) ?(?:j|jours?|days?)(?: nets?)?)$`)
	termsEOMAfter = regexp.MustCompile(`^([0-9]{1,3}) ?(?:j|jours?) fin de mois(?: le ([0-9]{1,2}))?$`)
	termsEOMThen  = regexp.MustCompile(`^fin de mois \+? ?([0-9]{1,3}) ?(?:j|jours?)$`)
	termsCode     = regexp.MustCompile(`^(eom_after|eom_then) ?\( ?([0-9]{1,3}) ?\)(?: ?\+ ?([0-9]{1,2}))?$`)
	spaces        = regexp.MustCompile(`[\s\x{00A0}\x{202F}]+`)
)

// ParseTerms reads payment terms as people write them, or in their normal form,
// whatever the case, spaces and accents.
func ParseTerms(text string) (Terms, error) {
	s := strings.NewReplacer("à", "a", "é", "e", "è", "e").Replace(strings.ToLower(text))
	s = strings.TrimSpace(spaces.ReplaceAllString(s, " "))
	var t Terms
	switch {
	case s == "comptant" || s == "a reception" || s == "a reception de facture":
		t = Terms{Kind: Net}
	case termsNet.MatchString(s):
		m := termsNet.FindStringSubmatch(s)
		t = Terms{Kind: Net, Days: number(m[1] + m[2])}
	case termsEOMAfter.MatchString(s):
		m := termsEOMAfter.FindStringSubmatch(s)
		t = Terms{Kind: EOMAfter, Days: number(m[1]), PlusDays: number(m[2])}
	case termsEOMThen.MatchString(s):
		t = Terms{Kind: EOMThen, Days: number(termsEOMThen.FindStringSubmatch(s)[1])}
	case termsCode.MatchString(s):
		m := termsCode.FindStringSubmatch(s)
		t = Terms{Kind: TermsKind(strings.ToUpper(m[1])), Days: number(m[2]), PlusDays: number(m[3])}
	default:
		return Terms{}, fmt.Errorf("payment terms %q are not understood: write them like %s", text, TermsExamples)
	}
	if t.Days > 365 || t.PlusDays > 31 || t.Kind == EOMThen && t.PlusDays > 0 {
		return Terms{}, fmt.Errorf("payment terms %q are not possible: at most 365 days, and at most 31 after the end of a month", text)
	}
	t.Code = t.code()
	return t, nil
}

// number reads digits that a pattern has matched; no digits are 0.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

func (t Terms) code() string {
	if t.Kind == Net {
		return fmt.Sprintf("NET%d", t.Days)
	}
	code := fmt.Sprintf("%s(%d)", t.Kind, t.Days)
	if t.PlusDays > 0 {
		code += fmt.Sprintf("+%d", t.PlusDays)
	}
	return code
}

// Due is the due date of a document of the day issued.
func (t Terms) Due(issued time.Time) time.Time {
	due := issued
	if t.Kind == EOMThen {
		due = endOfMonth(due)
	}
	due = due.AddDate(0, 0, t.Days)
	if t.Kind == EOMAfter {
		due = endOfMonth(due)
	}
	return due.AddDate(0, 0, t.PlusDays)
}

func endOfMonth(d time.Time) time.Time {
	return time.Date(d.Year(), d.Month()+1, 0, 0, 0, 0, 0, d.Location())
}

// TermsRow is one payment term of an entity; an empty CounterpartyID is the
// default of its side.
type TermsRow struct {
	Side           string
	CounterpartyID string
	Terms          Terms
}

// TermsRows lists the payment terms of an entity: by side, the default first,
// then by counterparty. A side without a default has no default row.
func (e Entity) TermsRows() []TermsRow {
	var rows []TermsRow
	for _, side := range []struct {
		name  string
		terms SideTerms
	}{{SideCustomer, e.Customer}, {SideSupplier, e.Supplier}} {
		if side.terms.Default != nil {
			rows = append(rows, TermsRow{Side: side.name, Terms: *side.terms.Default})
		}
		for _, id := range slices.SortedFunc(maps.Keys(side.terms.Counterparties), cmp.Compare[string]) {
			rows = append(rows, TermsRow{side.name, id, side.terms.Counterparties[id]})
		}
	}
	return rows
}
