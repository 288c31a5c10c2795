package modeltest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// forecastMarts are the queries of the cash forecast whose answer at a date must
// not depend on what was loaded after it.
var forecastMarts = []string{
	"select * from mart_cash_forecast",
	"select * from mart_group_cash_forecast",
	"select * from mart_cash_forecast_items",
	"select * from mart_cash_forecast_accuracy",
	"select * from mart_group_cash_forecast_accuracy",
}

// TestCashForecastDoesNotLookAhead: the forecast at a day, and its track record,
// are the same from the whole extract and from an extract cut at that day; and
// from a session that moved there.
func TestCashForecastDoesNotLookAhead(t *testing.T) {
	const fifo = "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n"
	marts := []string{
		"mart_cash_forecast", "mart_group_cash_forecast", "mart_cash_forecast_items",
		"mart_cash_forecast_accuracy", "mart_group_cash_forecast_accuracy",
	}
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(200+seed, false, false)
			whole := Open(t, Case{
				Params: map[string]string{"as_of": "2025-12-31"}, Dated: true,
				Tables: map[string]string{"ledger_entries": l.csv(start.AddDate(years, 0, 0)), "project_entities": fifo},
			}, marts...)
			rows := 0
			for range 2 {
				day := start.AddDate(0, 0, 400+l.rng.IntN(365*years-400))
				cut := Open(t, Case{
					Params: map[string]string{"as_of": day.Format(time.DateOnly)},
					Tables: map[string]string{"ledger_entries": l.csv(day), "project_entities": fifo},
				}, marts...)
				whole.SetAsOf(t, day.Format(time.DateOnly))
				for _, query := range forecastMarts {
					got, want := whole.Text(t, query), cut.Text(t, query)
					rows += strings.Count(want, "\n")
					if got != want {
						t.Errorf("at %s %s gives from the whole extract\n%s\nfrom the extract cut there\n%s",
							day.Format(time.DateOnly), query, got, want)
					}
				}
			}
			if rows < 50 {
				t.Errorf("only %d rows were compared", rows)
			}
		})
	}
}

// TestCashForecastRisesFromLowToHigh: up to each week as much is expected at high
// as at the middle, and at the middle as at low; and no week is below zero.
func TestCashForecastRisesFromLowToHigh(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(300+seed, false, true)
			w := Open(t, Case{
				Params: map[string]string{"as_of": "2025-12-31"}, Dated: true,
				Tables: map[string]string{"ledger_entries": l.csv(start.AddDate(years, 0, 0))},
			}, "mart_cash_forecast", "mart_ageing")
			for range 3 {
				day := start.AddDate(0, 0, 200+l.rng.IntN(365*years-200))
				w.SetAsOf(t, day.Format(time.DateOnly))
				if rows := w.Text(t, `
					with cumulated as (
						select
							side, period_no, low_amount, mid_amount, high_amount,
							sum(low_amount) over weeks as low_sum,
							sum(mid_amount) over weeks as mid_sum,
							sum(high_amount) over weeks as high_sum,
						from mart_cash_forecast
						window weeks as (partition by entity_id, side order by period_no)
					)
					select * from cumulated
					where low_sum > mid_sum or mid_sum > high_sum
						or (period_no < 15 and least(low_amount, mid_amount, high_amount) < 0)`); strings.Count(rows, "\n") > 1 {
					t.Errorf("at %s\n%s", day.Format(time.DateOnly), rows)
				}
				if rows := w.Text(t, `
					select side, sum(amount) from (
						select side, mid_amount as amount from mart_cash_forecast
						union all select side, -open_amount from mart_ageing
					) group by side having sum(amount) <> 0`); strings.Count(rows, "\n") > 1 {
					t.Errorf("at %s the forecast is not what is open\n%s", day.Format(time.DateOnly), rows)
				}
			}
		})
	}
}
