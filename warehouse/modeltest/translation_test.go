package modeltest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestGroupIsTranslated: at random dates of random ledgers in two currencies, the
// group is its entities at the rate of the date, less intercompany, to the cent; a
// bucket of an entity is at most a hundredth off, and every view of the group holds
// the same amounts.
func TestGroupIsTranslated(t *testing.T) {
	for seed, method := range []string{"closing", "fixed", "historic"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			a, b := newLedger(600+uint64(seed), false, true), newLedger(700+uint64(seed), true, true)
			last := start.AddDate(years, 0, -1)
			w := Open(t, Case{
				Params: map[string]string{"as_of": last.Format(time.DateOnly), "history_months": "15"},
				Tables: map[string]string{
					"ledger_entries":       merge(a.csv(last), b.csv(last)),
					"project_entities":     "entity_no,entity_id,entity_name,currency,matching\n1,A,A,EUR,lettering\n2,B,B,CHF,lettering\n",
					"project_intercompany": "side,pattern\n,C3\n",
					"project_currency":     "method\n" + method + "\n",
					"ref_fixed_rates":      "currency,into_currency,rate\nCHF,EUR,1.0437\n",
					"exchange_rates":       rates(a.rng, last),
				},
				Dated: true,
			})
			for range 2 {
				day := start.AddDate(0, 0, 40+a.rng.IntN(365*years-80))
				w.SetAsOf(t, day.Format(time.DateOnly))
				w.runChecks(t, day)
				for name, query := range translations {
					if rows := w.Text(t, query); strings.Count(rows, "\n") > 1 {
						t.Errorf("at %s %s:\n%s", day.Format(time.DateOnly), name, rows)
					}
				}
				if rows := w.Text(t, "select 1 from mart_group_reconciliation where member_id = 'B' and buckets_amount <> 0"); strings.Count(rows, "\n") < 2 {
					t.Errorf("at %s nothing of B was compared", day.Format(time.DateOnly))
				}
			}
		})
	}
}

// rates quotes CHF for one EUR every fifth day.
func rates(rng *rand.Rand, last time.Time) string {
	var b strings.Builder
	b.WriteString("batch_id,currency,base_currency,rate_date,rate\n")
	for day := start.AddDate(0, 0, -5); !day.After(last); day = day.AddDate(0, 0, 5) {
		fmt.Fprintf(&b, "r,CHF,EUR,%s,%d.%04d\n", day.Format(time.DateOnly), 1+rng.IntN(3), rng.IntN(10_000))
	}
	return b.String()
}

// rateToday is the rate of the as-of date by a formula of its own.
const rateToday = `rate_today as (
	select case when (select method from project_currency) = 'fixed' then 1.0437
		else 1 / cast((
			select rate from exchange_rates where rate_date <= (select as_of from params)
			order by rate_date desc limit 1
		) as double) end as rate
)`

// translations are queries that give no row where the figures of the group are right.
var translations = map[string]string{
	"the group is not its entities, translated": `with ` + rateToday + `
		select * from (
			select side, sum(open_amount) filter (where entity_id = 'A') as home,
				sum(open_amount) filter (where entity_id = 'B') as foreign_amount
			from mart_ageing group by side
		) as entities
		cross join rate_today
		full join (
			select side, sum(open_amount + intercompany_amount) as amount from mart_group_ageing group by side
		) as whole on whole.side = entities.side
		where coalesce(amount, 0) <> coalesce(home, 0) + cast(round(coalesce(foreign_amount, 0) * rate, 2) as decimal(18, 2))`,
	"a bucket is more than a hundredth off": `with ` + rateToday + `
		select * from (
			select side, ageing_bucket, sum(greatest(open_amount, 0) * (case when entity_id = 'A' then 1 else rate end)) as debit
			from fct_items
			cross join rate_today
			where is_aged and counterparty_id <> 'C3'
			group by all
		) as entities
		full join mart_group_ageing as whole using (side, ageing_bucket)
		where abs(coalesce(debit, 0) - coalesce(whole.debit_amount, 0)) > 0.0101`,
	"the history does not end on the ageing": `
		select side, ageing_bucket, open_amount, debit_amount, credit_amount, item_count, intercompany_amount from mart_group_ageing
		except
		select side, ageing_bucket, open_amount, debit_amount, credit_amount, item_count, intercompany_amount from mart_group_ageing_history
		where month_end_date = (select as_of from params)`,
	"the receivable is not that of the ageing": identities["the receivable of the group is not that of its ageing"],
	"the overdue is not that of the ageing": `
		select * from (
			select sum(debit_amount) filter (where is_overdue) as overdue, sum(credit_amount) as credits
			from mart_group_ageing inner join ref_ageing_buckets using (ageing_bucket) where side = 'customer'
		) as ageing
		inner join mart_group_kpis_monthly as kpis on kpis.month_end_date = (select as_of from params)
		where kpis.overdue_amount <> coalesce(overdue, 0) or kpis.unallocated_credit_amount <> credits`,
	"the sales are not those of the days": `
		with days as (
			select entity_id, sales_date, sales_amount,
				case when entity_id = 'A' then 1 when (select method from project_currency) = 'fixed' then 1.0437
					else 1 / cast((select arg_max(rate, rate_date) from exchange_rates where rate_date <= sales_date) as double) end as rate
			from int_sales_days where not is_intercompany
		)
		select * from mart_group_kpis_monthly as kpis
		left join (
			select last_day(sales_date) as month_end_date, sum(round(sales_amount * rate, 2)) as amount, count(*) as day_count
			from days where sales_date <= (select as_of from params) group by all
		) as sold on sold.month_end_date = last_day(kpis.month_end_date)
		where abs(coalesce(amount, 0) - sales_amount) > 0.005`,
	"the proof does not hold": `
		select * from mart_group_reconciliation
		where ledger_amount <> items_amount or buckets_amount <> items_amount or difference_amount <> 0 or ledger_amount is null`,
	"an identity of the key figures is broken": `
		select * from mart_group_kpis_monthly
		where overdue_amount < 0 or unallocated_credit_amount > 0 or dso_receivable_amount + doubtful_amount <> receivable_amount
			or overdue_ratio not between 0 and 1 or top10_ratio not between 0 and 1 or lettering_coverage_ratio not between 0 and 1`,
}

// TestOneCurrencyHasNoRates: where every entity keeps the currency of the group, the
// figures of the group join no rate and read no item for a translation, not even in a
// session, where each is computed when it is asked.
func TestOneCurrencyHasNoRates(t *testing.T) {
	l := newLedger(800, false, true)
	last := start.AddDate(years, 0, -1)
	w := Open(t, Case{
		Params: map[string]string{"as_of": last.Format(time.DateOnly), "history_months": "15"},
		Tables: map[string]string{
			"ledger_entries":   l.csv(last),
			"project_entities": "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,lettering\n",
			"project_currency": "method\nclosing\n",
			"exchange_rates":   rates(l.rng, last),
		},
		Dated: true,
	})
	w.SetAsOf(t, last.Format(time.DateOnly))
	for _, relation := range []string{"int_group_rates", "int_group_flow_days", "int_group_open_balances", "int_group_month_balances where is_translated", "int_group_missing_rates"} {
		if rows := w.Text(t, "select 1 from "+relation); strings.Count(rows, "\n") > 1 {
			t.Errorf("%s has rows:\n%s", relation, rows)
		}
	}
	scans := func(mart string) []int64 {
		var key, text string
		if err := w.DB.QueryRowContext(t.Context(), "explain (analyze, format json) select * from "+mart).Scan(&key, &text); err != nil {
			t.Fatal(err)
		}
		var plan operator
		if err := json.Unmarshal([]byte(text), &plan); err != nil {
			t.Fatal(err)
		}
		return plan.scans("int_item_balances")
	}
	for _, mart := range []string{"ageing", "ageing_by_issue_date", "ageing_history", "kpis_monthly"} {
		own, group := scans("mart_"+mart), scans("mart_group_"+mart)
		if len(own) == 0 || len(group) > len(own) {
			t.Errorf("mart_group_%s reads the balances of items %d times (rows: %v), the mart of an entity %d times", mart, len(group), group, len(own))
		}
	}
}

// operator is a node of a plan that was run.
type operator struct {
	Name  string `json:"operator_name"`
	Rows  int64  `json:"operator_cardinality"`
	Extra struct {
		Table string
	} `json:"extra_info"`
	Children []operator
}

// scans are the rows that each scan of a table gave, those that gave none left out.
func (o operator) scans(table string) []int64 {
	var rows []int64
	if strings.HasSuffix(o.Extra.Table, table) && o.Rows > 0 {
		rows = append(rows, o.Rows)
	}
	for _, child := range o.Children {
		rows = append(rows, child.scans(table)...)
	}
	return rows
}
