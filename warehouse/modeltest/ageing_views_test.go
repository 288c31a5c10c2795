package modeltest

import (
	"fmt"
	"testing"
	"time"
)

// ageingViews are what each mart of ageing, roll rates, cohorts and concentration
// tells of a ledger. Names are left out: they are the last that the extract writes.
var ageingViews = map[string]string{
	"mart_ageing_by_issue_date": `select entity_id, side, counterparty_id, ageing_bucket, open_amount, debit_amount, item_count
		from mart_ageing_by_issue_date`,
	"mart_group_ageing_by_issue_date": `select side, ageing_bucket, open_amount, intercompany_amount from mart_group_ageing_by_issue_date`,
	"mart_roll_rates":                 `select side, from_bucket, month_count, roll_ratio, loss_ratio from mart_roll_rates`,
	"mart_roll_rates_monthly":         `select side, month_end_date, from_bucket, from_amount, to_amount from mart_roll_rates_monthly`,
	"mart_billing_cohorts":            `select side, month_end_date, after_days, sales_amount, unpaid_amount from mart_billing_cohorts`,
	"mart_group_billing_cohorts":      `select side, month_end_date, after_days, sales_amount, unpaid_amount from mart_group_billing_cohorts`,
	"mart_concentration":              `select side, rank_no, counterparty_id, open_amount, cumulated_ratio from mart_concentration`,
}

// TestAgeingViewsDoNotLookAhead: what the marts tell of a day from the whole extract
// is what they tell from an extract cut at that day, and from a session at it.
func TestAgeingViewsDoNotLookAhead(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(200+seed, false, false)
			open := func(upTo, asOf time.Time, isDated bool) *Warehouse {
				return Open(t, Case{
					Params: map[string]string{"as_of": asOf.Format(time.DateOnly)},
					Tables: map[string]string{
						"ledger_entries":   l.csv(upTo),
						"project_entities": "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n",
					},
					Dated: isDated,
				})
			}
			last := start.AddDate(years, 0, 0)
			session := open(last, last, true)
			for range 2 {
				day := start.AddDate(0, 0, 200+l.rng.IntN(365*years-200))
				session.SetAsOf(t, day.Format(time.DateOnly))
				cut := open(day, day, false)
				for mart, query := range ageingViews {
					whole, want := session.Text(t, query), cut.Text(t, query)
					if whole != want {
						t.Errorf("at %s %s of the whole extract gives\n%s\nof the extract cut there\n%s",
							day.Format(time.DateOnly), mart, whole, want)
					}
				}
			}
		})
	}
}
