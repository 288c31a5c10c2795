package modeltest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// kpiMarts are the marts of the monthly key figures, with what a test compares.
var kpiMarts = []string{
	"mart_kpis_monthly", "mart_group_kpis_monthly",
	"mart_payables_kpis_monthly", "mart_group_payables_kpis_monthly",
	"mart_dso_bridge", "mart_group_dso_bridge",
	"mart_dso_customers", "mart_group_dso_customers",
	"mart_kpi_comparisons", "mart_group_kpi_comparisons",
	"mart_lettering_coverage", "mart_group_lettering_coverage",
}

// TestKPIsDoNotLookAhead: the key figures of a day are the same from the whole
// extract, read as of that day, and from the extract cut at that day.
func TestKPIsDoNotLookAhead(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(300+seed, false, false)
			whole := start.AddDate(years, 0, 0)
			given := func(upTo time.Time) Case {
				return Case{
					Params: map[string]string{"as_of": whole.Format(time.DateOnly), "history_months": "14"},
					Tables: map[string]string{
						"ledger_entries":       l.csv(upTo),
						"project_entities":     "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n",
						"project_intercompany": "side,pattern\ncustomer,C3\n",
						"project_factored":     "pattern,since_date\nC1,2023-06-01\n",
						"project_factored_documents": "source_file,source_line,entity_id,document_ref,factored_on,returned_on\n" +
							"a,2,E,R2,2023-04-01,2024-06-01\na,3,E,R5,2023-09-01,\na,4,E,R9,2024-02-01,\n",
						"project_targets": "entity_id,measure,target_value,is_ceiling\nE,overdue_ratio,0.4,true\n",
						"disputes":        "dispute_id,counterparty_id,document_id,status,opened_on,closed_on\nD1,C1,R1,open,2023-03-01,\nD2,C2,R2,closed,2023-05-01,2024-02-01\n",
					},
					Dated: true,
				}
			}
			full := Open(t, given(whole), kpiMarts...)
			for range 2 {
				day := start.AddDate(0, 0, 20+l.rng.IntN(365*years-20)).Format(time.DateOnly)
				upTo, err := time.Parse(time.DateOnly, day)
				if err != nil {
					t.Fatal(err)
				}
				cut := Open(t, given(upTo), kpiMarts...)
				full.SetAsOf(t, day)
				cut.SetAsOf(t, day)
				for _, mart := range kpiMarts {
					if want, got := cut.Text(t, "from "+mart), full.Text(t, "from "+mart); got != want {
						t.Errorf("%s as of %s: the whole extract gives\n%s\nthe extract cut there\n%s", mart, day, got, want)
					}
				}
			}
		})
	}
}

// TestKPIsAddUp: at random dates of random ledgers, the monthly figures are those
// of the ageing, the group is its entities less intercompany, and the effects of a
// DSO bridge are the change.
func TestKPIsAddUp(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			a, b := newLedger(400+seed, false, true), newLedger(500+seed, seed == 2, true)
			last := start.AddDate(years, 0, -1)
			w := Open(t, Case{
				Params: map[string]string{"as_of": last.Format(time.DateOnly), "history_months": "15"},
				Tables: map[string]string{
					"ledger_entries":       merge(a.csv(last), b.csv(last)),
					"project_intercompany": "side,pattern\n,C3\n",
				},
				Dated: true,
			})
			for range 2 {
				day := start.AddDate(0, 0, 40+a.rng.IntN(365*years-41))
				w.SetAsOf(t, day.Format(time.DateOnly))
				w.runChecks(t, day)
				for name, query := range identities {
					if rows := w.Text(t, query); strings.Count(rows, "\n") > 1 {
						t.Errorf("at %s %s:\n%s", day.Format(time.DateOnly), name, rows)
					}
				}
			}
		})
	}
}

// identities are queries that give no row where the figures are right.
var identities = map[string]string{
	"the receivable is not that of the ageing": `
		select * from (
			select entity_id, sum(open_amount) as open_amount from mart_ageing
			where side = 'customer' group by entity_id
		) as ageing
		inner join mart_kpis_monthly as kpis
			on kpis.entity_id = ageing.entity_id and kpis.month_end_date = (select as_of from params)
		where kpis.receivable_amount <> ageing.open_amount`,
	"the receivable of the group is not that of its ageing": `
		select * from (select sum(open_amount) as open_amount from mart_group_ageing where side = 'customer') as ageing
		inner join mart_group_kpis_monthly as kpis on kpis.month_end_date = (select as_of from params)
		where kpis.receivable_amount <> ageing.open_amount`,
	"a ratio is out of its bounds": `
		select * from mart_kpis_monthly
		where overdue_ratio not between 0 and 1 or dispute_ratio not between 0 and 1
			or lettering_coverage_ratio not between 0 and 1 or top10_ratio not between 0 and 1
			or days_late < 0 or best_possible_dso_days < 0`,
	"receivable, overdue and credits do not add up": `
		select * from mart_kpis_monthly
		where overdue_amount < 0 or unallocated_credit_amount > 0
			or unfactored_receivable_amount + factored_amount <> dso_receivable_amount
			or dso_receivable_amount + doubtful_amount <> receivable_amount`,
	"the customers do not add up to the change of the DSO, unrounded": `
		select now.scope_id, now.month_no, moved.distance, moved.days
		from (
			select scope_id, month_no, distance, sum(mix_overdue_days + mix_not_due_days + own_days) as days
			from int_dso_customers group by all
		) as moved
		inner join int_kpis_monthly as now
			on now.scope_id = moved.scope_id and now.month_no = moved.month_no and now.side = 'customer'
		inner join int_kpis_monthly as past
			on past.scope_id = moved.scope_id and past.month_no = moved.month_no + moved.distance and past.side = 'customer'
		where abs(
			now.dso_receivable_amount * now.year_day_count / now.year_sales_amount
			- past.dso_receivable_amount * past.year_day_count / past.year_sales_amount - moved.days
		) > 0.000001`,
	"a customer is missing from the list": `
		select scope_id, counterparty_no from int_dso_customers
		where month_no = 0 and distance = 1
		except
		select listed.entity_id, accounts.counterparty_no from (
			select entity_id, entity_id as of_entity_id, counterparty_id, compared_with from mart_dso_customers
			union all
			select entity_id, counterparty_entity_id, counterparty_id, compared_with from mart_group_dso_customers
		) as listed
		inner join (select distinct entity_id, counterparty_id, counterparty_no, side from int_accounts) as accounts
			on accounts.entity_id = listed.of_entity_id and accounts.counterparty_id = listed.counterparty_id
		where listed.compared_with = 'month_before' and accounts.side = 'customer'`,
	"customers keep their shares, and the mix moves": `
		select scope_id, month_no, distance from int_dso_customers
		group by all
		having max(abs(share_ratio - from_share_ratio)) = 0 and abs(sum(mix_overdue_days + mix_not_due_days)) > 0.01`,
	"a comparison is not the measure of the month before": `
		select * from mart_kpi_comparisons as now
		inner join mart_kpi_comparisons as before
			on before.entity_id = now.entity_id and before.measure = now.measure
			and before.month_end_date = last_day(now.month_end_date - interval 1 month)
		where now.month_before_value is distinct from before.value
			or now.month_change_value <> now.value - before.value`,
}

// merge puts the second ledger behind the first, as the ledgers of the entities A
// and B.
func merge(first, second string) string {
	var b strings.Builder
	for i, text := range []string{first, second} {
		header, lines, _ := strings.Cut(text, "\n")
		if i == 0 {
			b.WriteString("entity_id," + header + "\n")
		}
		for line := range strings.Lines(lines) {
			b.WriteString(string(rune('A'+i)) + "," + line)
		}
	}
	return b.String()
}
