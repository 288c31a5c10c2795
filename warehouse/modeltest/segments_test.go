package modeltest

import (
	"fmt"
	"strings"
	"testing"
)

// segmentLedger has the customers C1 to C4 and the supplier S1, with an invoice each.
const segmentLedger = `entry_number,entry_date,account,aux_account,document_ref,label,debit,credit
1,2025-06-10,411000,C1,F1,F1,1000,
1,2025-06-10,707000,,F1,F1,,1000
2,2025-06-10,411000,C2,F2,F2,600,
2,2025-06-10,707000,,F2,F2,,600
3,2025-06-10,411000,C3,F3,F3,300,
3,2025-06-10,707000,,F3,F3,,300
4,2025-06-10,411000,C4,F4,F4,100,
4,2025-06-10,707000,,F4,F4,,100
5,2025-06-10,401000,S1,A1,A1,,700
5,2025-06-10,607000,,A1,A1,700,
`

func openSegments(t *testing.T, only ...string) *Warehouse {
	t.Helper()
	return Open(t, Case{Params: map[string]string{"as_of": "2025-12-31"}, Dated: true,
		Tables: map[string]string{"ledger_entries": segmentLedger}}, only...)
}

// scored makes the classes of a test: rows of month, rank of the counterparty, its code
// and its class.
func (w *Warehouse) scored(t *testing.T, rows ...string) {
	t.Helper()
	w.Exec(t, `create or replace view int_risk_scores as select month_no, last_day(date '2025-12-31' - to_months(month_no)) as score_date,
		counterparty_no, 'E' as entity_id, case when counterparty_id like 'S%' then 'supplier' else 'customer' end as side,
		counterparty_id, 5 as paid_count, case when risk_class <> 'N' then cast(50 as decimal(5, 2)) end as score,
		risk_class as class_before_overrides, cast(null as varchar) as override_rule, risk_class,
		case when risk_class = 'N' then 'C' else risk_class end as policy_class, cast(null as integer) as legal_severity
		from (values `+strings.Join(rows, ", ")+`) as v (month_no, counterparty_no, counterparty_id, risk_class)`)
}

// exposed makes the exposures of a test: rows of a code, what is known of its exposure
// and its orders, null where they have no rate.
func (w *Warehouse) exposed(t *testing.T, rows ...string) {
	t.Helper()
	w.Exec(t, `create or replace view int_exposures as select 'E' as entity_id, counterparty_id,
		cast(amount as decimal(18, 2)) as receivable_amount, cast(0 as decimal(18, 2)) as bills_amount,
		cast(0 as decimal(18, 2)) as unbilled_amount, cast(orders as decimal(18, 2)) as orders_amount,
		cast(null as varchar) as missing_currencies, cast(0 as decimal(18, 2)) as deposits_amount,
		cast(0 as decimal(18, 2)) as credit_amount, cast(0 as decimal(18, 2)) as overdue_90_amount
		from (values `+strings.Join(rows, ", ")+`) as v (counterparty_id, amount, orders)`)
}

// TestExposureBands: the share of the larger ones decides, the largest is always in
// the first band, equal ones stand in the order of their codes, and who owes nothing
// is in the last one.
func TestExposureBands(t *testing.T) {
	for name, c := range map[string]struct {
		exposures []string
		want      string
	}{
		"borders": {[]string{"('C1', 50, 0)", "('C2', 30, 0)", "('C3', 15, 0)", "('C4', 5, 0)"},
			"C1,0.500000,A,key\nC2,0.800000,A,key\nC3,0.950000,B,watch\nC4,1.000000,C,low-limit\n"},
		"one has nearly all": {[]string{"('C1', 990, 0)", "('C2', 10, 0)"},
			"C1,0.990000,A,key\nC2,1.000000,C,automatic\nC3,,C,low-limit\nC4,,C,low-limit\n"},
		"ties": {[]string{"('C4', 25, 0)", "('C3', 25, 0)", "('C2', 25, 0)", "('C1', 25, 0)"},
			"C1,0.250000,A,key\nC2,0.500000,A,key\nC3,0.750000,A,watch\nC4,1.000000,A,watch\n"},
		"below zero": {[]string{"('C1', 100, 0)", "('C2', -40, 0)"},
			"C1,1.000000,A,key\nC2,,C,automatic\nC3,,C,low-limit\nC4,,C,low-limit\n"},
		"orders without a rate count for nothing": {[]string{"('C1', 60, null)", "('C2', 30, 10)", "('C9', 0, null)"},
			"C1,0.600000,A,key\nC2,1.000000,A,key\nC3,,C,low-limit\nC4,,C,low-limit\nC9,,C,new\n"},
		"nobody owes": {[]string{"('C1', 0, 0)"},
			"C1,,C,automatic\nC2,,C,automatic\nC3,,C,low-limit\nC4,,C,low-limit\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := openSegments(t, "int_exposure_bands")
			w.scored(t, "(0, 1, 'C1', 'A')", "(0, 2, 'C2', 'B')", "(0, 3, 'C3', 'C')", "(0, 4, 'C4', 'C')")
			w.exposed(t, c.exposures...)
			_, got, _ := strings.Cut(w.Text(t, `select counterparty_id, cumulated_ratio, exposure_band, segment from int_exposure_bands`), "\n")
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestSuppliersAreSizedByPurchases: what is bought from a supplier in twelve months is
// its size.
func TestSuppliersAreSizedByPurchases(t *testing.T) {
	t.Parallel()
	w := openSegments(t, "int_exposure_bands")
	got := w.Text(t, "select counterparty_id, size_amount, exposure_band, segment from int_exposure_bands where side = 'supplier'")
	if want := "counterparty_id,size_amount,exposure_band,segment\nS1,700.00,A,watch\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestLimitsAreBound: which of the four amounts binds the recommended limit, and what
// an insurer pays. The customer was sold 1,000 in seven months, 142.86 a month: for 45
// days 214.29; its exposure is 1,000, and the cap 5 % of 2,000.
func TestLimitsAreBound(t *testing.T) {
	const insured = "'E' as entity_id, 'C1' as counterparty_id, date '2025-01-01' as valid_from, %s as valid_to, " +
		"cast(%s as decimal(18, 2)) as cover_amount, cast(0.9 as decimal(5, 4)) as quota_ratio, %s as declaration_days"
	for name, c := range map[string]struct {
		class, cover, means, rules string
		want                       string // insured, net, need, capacity, own cap, recommended, reason
	}{
		"the cap":               {"B", "", "", "", "0.00,1000.00,214.29,,100.00,100.00,own_cap"},
		"the need":              {"B", "", "", "own_cap_percent = 100", "0.00,1000.00,214.29,,2000.00,200.00,need"},
		"a good payer":          {"A", "", "", "own_cap_percent = 100", "0.00,1000.00,257.14,,2000.00,200.00,need"},
		"a bad one":             {"D", "", "", "own_cap_percent = 100", "0.00,1000.00,107.14,,2000.00,100.00,need"},
		"the worst":             {"E", "", "", "own_cap_percent = 100", "0.00,1000.00,0.00,,2000.00,0.00,class"},
		"without a score":       {"N", "", "", "own_cap_percent = 100", "0.00,1000.00,171.43,,2000.00,100.00,need"},
		"its means":             {"A", "", "1500", "own_cap_percent = 100", "0.00,1000.00,257.14,150.00,2000.00,100.00,capacity"},
		"means below zero":      {"A", "", "-10", "own_cap_percent = 100", "0.00,1000.00,257.14,0.00,2000.00,0.00,capacity"},
		"insured in part":       {"B", "null,400,null", "", "", "360.00,640.00,214.29,,100.00,100.00,own_cap"},
		"insured in full":       {"B", "null,5000,null", "", "", "900.00,100.00,214.29,,100.00,100.00,own_cap"},
		"cover that ended":      {"B", "date '2025-12-31',400,null", "", "", "0.00,1000.00,214.29,,100.00,100.00,own_cap"},
		"cover until tomorrow":  {"B", "date '2026-01-01',400,null", "", "", "360.00,640.00,214.29,,100.00,100.00,own_cap"},
		"declared in time":      {"B", "null,400,174", "", "", "360.00,640.00,214.29,,100.00,100.00,own_cap"},
		"declared too late":     {"B", "null,400,173", "", "", "0.00,1000.00,214.29,,100.00,100.00,own_cap"},
		"only what is insured":  {"B", "null,50,null", "", "insured_only = 1", "45.00,955.00,214.29,,100.00,0.00,insurer"},
		"insured only, by none": {"B", "", "", "insured_only = 1", "0.00,1000.00,214.29,,100.00,0.00,insurer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := openSegments(t, "mart_risk_limits")
			w.scored(t, "(0, 1, 'C1', '"+c.class+"')")
			if name, value, found := strings.Cut(c.rules, " = "); found {
				w.Exec(t, "update ref_limit_rules set value = "+value+" where rule = '"+name+"'")
			}
			if parts := strings.Split(c.cover, ","); len(parts) == 3 {
				w.Exec(t, "create or replace view int_credit_insurance as select "+fmt.Sprintf(insured, parts[0], parts[1], parts[2]))
			}
			if c.means != "" {
				w.Exec(t, "create or replace view int_customer_means as select 'E' as entity_id, 'C1' as counterparty_id, "+
					"date '2025-12-31' as known_date, cast("+c.means+" as decimal(18, 2)) as means_amount, cast(null as decimal(18, 2)) as purchases_amount")
			}
			_, got, _ := strings.Cut(strings.TrimSpace(w.Text(t, `select insured_amount, net_exposure_amount, need_amount, capacity_amount, own_cap_amount,
				recommended_limit_amount, binding_reason from mart_risk_limits where counterparty_id = 'C1'`)), "\n")
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestTransitions: the month before, the year, and twelve months one after the other.
// C1 alternates between A and B, C2 stays in B and is gone in the end, C3 is new.
func TestTransitions(t *testing.T) {
	t.Parallel()
	w := openSegments(t, "int_risk_transitions")
	rows := []string{"(0, 3, 'C3', 'N')"}
	for month := range 13 {
		rows = append(rows, fmt.Sprintf("(%d, 1, 'C1', '%s')", month, []string{"A", "B"}[month%2]))
		if month > 0 {
			rows = append(rows, fmt.Sprintf("(%d, 2, 'C2', 'B')", month))
		}
	}
	w.scored(t, rows...)
	const months = `create or replace view int_score_months as select cast(range as integer) as month_no,
		last_day(date '2025-12-31' - to_months(cast(range as integer))) as score_date from range(13)`
	w.Exec(t, months)
	w.Exec(t, `create or replace view int_score_balances as select m.month_no, c.no as counterparty_no,
		cast(case when c.no = 1 then 300 else 100 end as decimal(18, 2)) as gross_amount
		from int_score_months as m cross join (values (1), (2)) as c (no)`)
	// in the months from B: C1 to A, C2 stays; 1/2 each by count, 300 and 100 of 400 by amount. From A: C1 to B.
	// twelve steps: from A (C1) six times A to B and B to A or B; the last step takes C2 out.
	got := w.Text(t, `select span, from_class, to_class, counterparty_count, open_amount, round(count_ratio, 6) as count_ratio,
		round(amount_ratio, 6) as amount_ratio from int_risk_transitions where scope_id = 'E'`)
	const want = `span,from_class,to_class,counterparty_count,open_amount,count_ratio,amount_ratio
month,B,A,1,300.00,0.500000,0.750000
month,B,gone,1,100.00,0.500000,0.250000
year,A,A,1,300.00,1.000000,1.000000
year,B,gone,1,100.00,1.000000,1.000000
`
	kept, product, _ := strings.Cut(got, "year_by_months")
	if kept != want {
		t.Errorf("got\n%s\nwant\n%s", kept, want)
	}
	// the shares of a class are a whole in the product too
	if sums := w.Text(t, `select from_class, round(sum(count_ratio), 6) as count_ratio, round(sum(amount_ratio), 6) as amount_ratio
		from int_risk_transitions where scope_id = 'E' and span = 'year_by_months' group by from_class`); sums !=
		"from_class,count_ratio,amount_ratio\nA,1.000000,1.000000\nB,1.000000,1.000000\n" {
		t.Errorf("sums\n%s\nof %s", sums, product)
	}
}

// TestProductOfMonths: where half of each class goes to the other in every month, half
// is in each after twelve, wherever it began.
func TestProductOfMonths(t *testing.T) {
	t.Parallel()
	w := openSegments(t, "int_risk_transitions")
	rows := []string{}
	for month := range 13 {
		rows = append(rows, fmt.Sprintf("(%d, 1, 'C1', '%s')", month, []string{"A", "B"}[month%2]),
			fmt.Sprintf("(%d, 2, 'C2', '%s')", month, []string{"B", "A"}[month%2]),
			fmt.Sprintf("(%d, 3, 'C3', 'A')", month), fmt.Sprintf("(%d, 4, 'C4', 'B')", month))
	}
	w.scored(t, rows...)
	w.Exec(t, `create or replace view int_score_months as select cast(range as integer) as month_no,
		last_day(date '2025-12-31' - to_months(cast(range as integer))) as score_date from range(13)`)
	got := w.Text(t, `select from_class, to_class, round(count_ratio, 6) as count_ratio from int_risk_transitions
		where scope_id = 'E' and span = 'year_by_months'`)
	if want := "from_class,to_class,count_ratio\nA,A,0.500000\nA,B,0.500000\nB,A,0.500000\nB,B,0.500000\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
