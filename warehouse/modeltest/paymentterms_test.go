package modeltest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// withTax gives the sales of a ledger VAT of a fifth, and half of its lines on
// third-party accounts a due date.
func (l *ledger) withTax(upTo time.Time) string {
	var taxed []line
	for _, p := range l.lines {
		if p.account == "707000" {
			tax := p
			tax.account, tax.debit, tax.credit = "445710", p.debit/6, p.credit/6
			p.debit -= tax.debit
			p.credit -= tax.credit
			taxed = append(taxed, p, tax)
			continue
		}
		taxed = append(taxed, p)
	}
	copied := *l
	copied.lines = taxed
	var b strings.Builder
	line := 0
	for text := range strings.Lines(copied.csv(upTo)) {
		text = strings.TrimSuffix(text, "\n")
		fields := strings.Split(text, ",")
		switch due, err := time.Parse(time.DateOnly, fields[3]); {
		case line == 0:
			text += ",due_date"
		case err == nil && fields[4] < "42" && line%2 == 0:
			text += "," + due.AddDate(0, 0, 11*(line%14)).Format(time.DateOnly)
		default:
			text += ","
		}
		b.WriteString(text + "\n")
		line++
	}
	return b.String()
}

// TestPaymentTermsDoNotLookAhead: the tables of D. 441-6 and the breaches of the
// caps at a day, from the whole extract, are those of an extract cut at that day.
func TestPaymentTermsDoNotLookAhead(t *testing.T) {
	marts := map[string]string{
		"mart_payment_terms_report":   "select * from mart_payment_terms_report",
		"mart_payment_terms_breaches": "select * from mart_payment_terms_breaches",
	}
	seen := map[string]int{}
	for seed := range uint64(2) {
		l := newLedger(400+seed, false, false)
		for range 3 {
			day := start.AddDate(0, 0, 120+l.rng.IntN(365*years-120))
			open := func(upTo time.Time) *Warehouse {
				return Open(t, Case{
					Params: map[string]string{"as_of": day.Format(time.DateOnly)},
					Tables: map[string]string{
						"ledger_entries":   l.withTax(upTo),
						"project_entities": "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n",
					},
				}, "mart_payment_terms_report", "mart_payment_terms_breaches")
			}
			whole, cut := open(start.AddDate(years, 0, 0)), open(day)
			for mart, query := range marts {
				got, want := whole.Text(t, query), cut.Text(t, query)
				if got != want {
					t.Errorf("seed %d, %s at %s: the whole extract gives\n%s\nthe extract cut there\n%s",
						seed, mart, day.Format(time.DateOnly), got, want)
				}
				seen[mart] += strings.Count(got, "\n") - 1
			}
		}
	}
	for mart := range marts {
		if seen[mart] == 0 {
			t.Errorf("%s has no row: the test shows nothing", mart)
		}
	}
}

// TestPaymentTermsAddUp: at random dates the lines of the table and what it leaves
// out are the open amount; its columns are its list of invoices, with and without
// tax; and the total is that of one day and more.
func TestPaymentTermsAddUp(t *testing.T) {
	const differences = `
with
listed as (
    select side, table_no, line_code, bucket, incl_tax_amount as amount, 'incl' as tax
    from int_payment_terms_items
    union all
    select side, table_no, line_code, bucket, excl_tax_amount, 'excl'
    from int_payment_terms_items
),
cells as (
    select side, table_no, tax, bucket, sum(amount) as amount from listed where line_code = 'late' group by all
    union all
    select side, table_no, tax, 'total', sum(amount) from listed where line_code = 'late' and bucket <> '0' group by all
)
select report.side, report.tax, report.table_no, report.bucket, report.invoice_amount, cells.amount
from mart_payment_terms_report as report
left join cells on cells.side = report.side and cells.table_no = report.table_no and cells.tax = report.tax and cells.bucket = report.bucket
where report.line_code = 'late' and report.invoice_amount <> coalesce(cells.amount, 0)`
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(500+seed, seed == 3, true)
			last := start.AddDate(years, 0, 0)
			w := Open(t, Case{Params: map[string]string{"as_of": last.Format(time.DateOnly)},
				Tables: map[string]string{"ledger_entries": l.withTax(last)}, Dated: true})
			for range 4 {
				day := start.AddDate(0, 0, l.rng.IntN(365*years))
				w.SetAsOf(t, day.Format(time.DateOnly))
				w.runChecks(t, day)
				if found := w.Text(t, differences); strings.Count(found, "\n") > 1 {
					t.Errorf("at %s cells and list differ:\n%s", day.Format(time.DateOnly), found)
				}
			}
		})
	}
}
