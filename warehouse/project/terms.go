package project

import (
	"cmp"
	"fmt"
	"maps"
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

// EndOfMonth is how an entity reads "45 jours fin de mois", where the words
// leave both readings open.
type EndOfMonth string

// The readings of "n days end of month".
const (
	DaysFirst  EndOfMonth = "days_first"  // n days, then to the end of that month: EOM_AFTER
	MonthFirst EndOfMonth = "month_first" // to the end of the month, then n days: EOM_THEN
)

// Terms are payment terms in their normal form.
type Terms struct {
	Kind TermsKind
	Days int // n; for several instalments the mean of their days, rounded up
	// Instalments are the days of each of several equal parts, ascending; nil
	// where the whole is due at once.
	Instalments []int
	PlusDays    int      // added at the end: "30 jours fin de mois le 10"
	PaymentDays []int    // days of the month on which payment is made, ascending, at most two
	Discount    Discount // zero where none is offered
	Code        string   // NET30, EOM_AFTER(45)+10, NET30@15,30, NET30/60/90, DISC(2,10)NET30
}

// Discount is what may be deducted for paying early.
type Discount struct {
	Percent string // decimal number with a point, such as 2 or 1.5
	Days    int    // within these days
}

// TermsRow is one payment term of an entity; an empty CounterpartyID is the
// default of its side.
type TermsRow struct {
	Side           string
	CounterpartyID string
	Terms          Terms
}

// InstalmentText writes the days of the instalments as 30/60/90; empty where the
// whole is due at once.
func (t Terms) InstalmentText() string { return join(t.Instalments, "/") }

func join(numbers []int, mark string) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, mark)
}

func (t Terms) code() string {
	days := t.InstalmentText()
	if days == "" {
		days = strconv.Itoa(t.Days)
	}
	code := "NET" + days
	if t.Kind != Net {
		code = fmt.Sprintf("%s(%s)", t.Kind, days)
	}
	if t.PlusDays > 0 {
		code += fmt.Sprintf("+%d", t.PlusDays)
	}
	if len(t.PaymentDays) > 0 {
		code += "@" + join(t.PaymentDays, ",")
	}
	if t.Discount.Percent != "" {
		code = fmt.Sprintf("DISC(%s,%d)%s", t.Discount.Percent, t.Discount.Days, code)
	}
	return code
}

// Due is the due date of a document of the day issued; where it is due in
// instalments, the mean one.
func (t Terms) Due(issued time.Time) time.Time { return t.due(issued, t.Days) }

// Dues are the due dates of the instalments of a document of the day issued: one
// where the whole is due at once.
func (t Terms) Dues(issued time.Time) []time.Time {
	if len(t.Instalments) == 0 {
		return []time.Time{t.Due(issued)}
	}
	var dates []time.Time
	for _, days := range t.Instalments {
		dates = append(dates, t.due(issued, days))
	}
	return dates
}

func (t Terms) due(issued time.Time, days int) time.Time {
	due := issued
	if t.Kind == EOMThen {
		due = endOfMonth(due)
	}
	due = due.AddDate(0, 0, days)
	if t.Kind == EOMAfter {
		due = endOfMonth(due)
	}
	return t.nextPaymentDay(due.AddDate(0, 0, t.PlusDays))
}

// nextPaymentDay moves a date to the first payment day that is not before it. A
// month that is too short pays on its last day.
func (t Terms) nextPaymentDay(due time.Time) time.Time {
	if len(t.PaymentDays) == 0 {
		return due
	}
	for month := range 2 {
		first := time.Date(due.Year(), due.Month()+time.Month(month), 1, 0, 0, 0, 0, due.Location())
		for _, day := range t.PaymentDays {
			if at := first.AddDate(0, 0, min(day, endOfMonth(first).Day())-1); !at.Before(due) {
				return at
			}
		}
	}
	return due // not reached: the month after has a payment day
}

func endOfMonth(d time.Time) time.Time {
	return time.Date(d.Year(), d.Month()+1, 0, 0, 0, 0, 0, d.Location())
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
