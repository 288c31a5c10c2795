package modeltest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// creditFigures are those of the marts on late interest, losses and provisions
// that an extract must tell alike whenever it was cut.
var creditFigures = map[string]string{
	"mart_late_interest": `select entity_id, item_id, running_amount, first_late_date, last_late_date, late_days,
		interest_amount, fee_amount, unrated_days, is_due_date_assumed from mart_late_interest`,
	"mart_late_interest_totals":       `select * from mart_late_interest_totals`,
	"int_late_interest_lines":         `select * from int_late_interest_lines`,
	"mart_group_late_interest":        `select * from mart_group_late_interest`,
	"mart_expected_credit_loss":       `select * from mart_expected_credit_loss`,
	"mart_group_expected_credit_loss": `select * from mart_group_expected_credit_loss`,
	"mart_provisions":                 `select * from mart_provisions`,
	"mart_doubtful_customers":         `select * from mart_doubtful_customers`,
}

// sellLate adds invoices of the last year that are paid late, some of them less a
// credit note.
func (l *ledger) sellLate() {
	for month := range 12 {
		for customer := range 4 {
			day := start.AddDate(years-1, month, l.rng.IntN(20))
			third := line{account: "411000", aux: fmt.Sprintf("C%d", customer)}
			post := func(after int, other string, debit, credit int64) {
				if at := day.AddDate(0, 0, after); at.Year() == day.Year() {
					third.debit, third.credit = debit, credit
					l.add(at, fmt.Sprintf("L%d", l.entry), third, line{account: other, debit: credit, credit: debit})
				}
			}
			post(0, "707000", 100000, 0)
			paid := int64(100000)
			if l.rng.IntN(2) == 0 {
				paid -= 20000
				post(20+l.rng.IntN(40), "709000", 0, 20000)
			}
			post(15+l.rng.IntN(60), "512000", 0, paid)
		}
	}
}

// TestCreditFiguresDoNotLookAhead: on random ledgers a figure as of a day, from the
// whole extract in a session, is what an extract cut at that day gives, and the
// identities of the marts hold there.
func TestCreditFiguresDoNotLookAhead(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(200+seed, false, false)
			l.sellLate()
			tables := func(upTo time.Time) map[string]string {
				return map[string]string{
					"ledger_entries":        l.csv(upTo),
					"project_entities":      "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n",
					"project_intercompany":  "entity_id,side,pattern\n,,C1\n",
					"project_late_interest": "rule_no,pattern,rate,regime\n1,C0,12,\n2,C2,,public_buyer\n",
					"project_insolvencies":  "pattern,opened_on\nC3,2024-06-01\n",
					"project_terms":         "entity_id,side,terms_code,terms_kind,term_days,plus_days\nE,customer,NET10,NET,10,0\n",
				}
			}
			whole := Open(t, Case{
				Params: map[string]string{"as_of": "2026-01-31"}, Tables: tables(start.AddDate(years, 0, 0)), Dated: true,
			})
			last := start.AddDate(years-1, 0, 0)
			for _, day := range []time.Time{last.AddDate(0, 0, 100+l.rng.IntN(260)), start.AddDate(0, 0, 90+l.rng.IntN(365*years-90))} {
				as := day.Format(time.DateOnly)
				whole.BuildAt(t, as)
				cut := Open(t, Case{Params: map[string]string{"as_of": as}, Tables: tables(day)})
				for name, query := range creditFigures {
					if a, b := whole.Text(t, query), cut.Text(t, query); a != b {
						t.Errorf("at %s %s is, from the whole extract,\n%s\nfrom the one cut there\n%s", as, name, a, b)
					}
				}
				if rows := whole.Text(t, `select 1 as found from mart_late_interest where interest_amount > 0`); day.After(last) && strings.Count(rows, "\n") < 2 {
					t.Errorf("at %s nothing is late: the test compares nothing", as)
				}
				if seed == 0 {
					whole.runChecks(t, day)
				}
			}
		})
	}
}
