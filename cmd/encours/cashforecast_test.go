package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestCashForecastOnTheDemo: on the sample the forecast errs less than the naive
// one, for the group and for each entity; and its record at a past month end is
// what a session at that date forecasts.
func TestCashForecastOnTheDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	must(t, "demo", dir, "--no-serve")
	t.Log("\n" + must(t, "report", "--project", dir, "cash-forecast-accuracy", "--format", "csv"))

	scores := query(t, dir, "", `
		select entity_id, horizon_weeks, count(*),
			cast(sum(abs(error_amount)) / sum(actual_amount) as decimal(9, 4)),
			cast(sum(abs(naive_error_amount)) / sum(actual_amount) as decimal(9, 4)),
		from (
			select entity_id, side, horizon_weeks, actual_amount, error_amount, naive_error_amount
			from mart_cash_forecast_accuracy
			union all
			select entity_id, side, horizon_weeks, actual_amount, error_amount, naive_error_amount
			from mart_group_cash_forecast_accuracy
		)
		where side = 'customer' and actual_amount is not null
		group by all order by all`)
	if len(scores) != 8 {
		t.Fatalf("scores %v, want three entities and the group at two horizons", scores)
	}
	for _, row := range scores {
		dates, forecast, naive := numberOf(t, row[2]), numberOf(t, row[3]), numberOf(t, row[4])
		t.Logf("%s, %s weeks, %s month ends: error %.1f %%, naive %.1f %%", row[0], row[1], row[2], 100*forecast, 100*naive)
		if dates < 5 || forecast >= naive {
			t.Errorf("%s at %s weeks over %s month ends: the forecast errs by %s, the naive one by %s", row[0], row[1], row[2], row[3], row[4])
		}
	}

	for _, day := range []string{"2025-07-31", "2025-11-30"} {
		for _, weeks := range []int{4, 13} {
			until := date(t, day).AddDate(0, 0, 7*weeks).Format(time.DateOnly)
			made := query(t, dir, day, fmt.Sprintf(`
				select entity_id, side, sum(amount) from (
					select entity_id, side, counterparty_id, greatest(0, coalesce(sum(open_amount) filter (
						where forecast_basis = 'credit' or expected_date <= '%s'), 0)) as amount
					from mart_cash_forecast_items group by all
				) group by all order by all`, until))
			kept := query(t, dir, "", fmt.Sprintf(`
				select entity_id, side, mid_amount from mart_cash_forecast_accuracy
				where forecast_date = '%s' and horizon_weeks = %d order by all`, day, weeks))
			if len(kept) != 6 || fmt.Sprint(made) != fmt.Sprint(kept) {
				t.Errorf("at %s for %d weeks a session forecasts\n%v\nthe record says\n%v", day, weeks, made, kept)
			}
		}
	}
}

func numberOf(t *testing.T, text string) float64 {
	t.Helper()
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestCashForecastReports: the reports can be taken away in every format, a rule
// that makes no sense stops a build with its name, and another one moves the
// dates.
func TestCashForecastReports(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "project")
	must(t, "generate", "--ledgers-only", "--invoices", "120", "--seed", "3", dir)
	must(t, "run", "--project", dir)
	for _, report := range []string{"cash-forecast", "cash-forecast-items", "cash-forecast-accuracy"} {
		for _, format := range []string{"csv", "json"} {
			if out := must(t, "report", "--project", dir, report, "--format", format); !strings.Contains(out, "entity_id") {
				t.Errorf("%s as %s: %q", report, format, out)
			}
		}
		must(t, "report", "--project", dir, report, "-o", filepath.Join(t.TempDir(), report+".xlsx"))
		must(t, "report", "--project", dir, report, "-o", filepath.Join(t.TempDir(), report+".parquet"))
	}
	const doubtful = "select count(*) from mart_cash_forecast_items where forecast_basis = 'doubtful' and expected_date is not null"
	if n := query(t, dir, "", doubtful)[0][0]; n != "0" {
		t.Errorf("%s doubtful items are expected", n)
	}
	const rules = "rule,value\nhistory_quarters,8\npooling_payments,5\nearly_percent,25\nmid_percent,%d\nlate_percent,75\n" +
		"tail_percent,0\ndisputed_days,60\ndoubtful_days,90\n"
	ref := filepath.Join(dir, "ref")
	if err := os.Mkdir(ref, 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, ref, "cash_forecast_rules.csv", fmt.Sprintf(rules, 80))
	refuse(t, exitChecksFailed, "cash_forecast_rules_are_whole", "build", "--project", dir)
	writeFile(t, ref, "cash_forecast_rules.csv", fmt.Sprintf(rules, 50))
	must(t, "build", "--project", dir)
	const early = "select count(*) from mart_cash_forecast_items where forecast_basis = 'doubtful' and expected_date < '2026-03-31'"
	if n := query(t, dir, "", early)[0][0]; n != "0" {
		t.Errorf("%s doubtful items are expected within 90 days", n)
	}
}
