package modeltest

import (
	"fmt"
	"strings"
	"testing"
)

// scoreLedger is a customer that is there, so that the models have a date.
const scoreLedger = "entry_date,account,aux_account,document_ref,debit,credit\n" +
	"2025-01-10,411000,C1,V1,100,\n2025-01-10,707000,,V1,,100\n2025-06-30,606000,,X,1,\n2025-06-30,512000,,X,,1\n"

// factorBorders are the ends of the ranges of the shipped scorecard: a value, and the
// points that it is worth.
var factorBorders = map[string][][2]string{
	"late_12m_days": {{"0", "100"}, {"0.01", "75"}, {"7", "75"}, {"7.01", "50"}, {"15", "50"}, {"15.01", "25"},
		{"30", "25"}, {"30.01", "0"}, {"3000", "0"}, {"null", "50"}},
	"paid_late_30_12m_ratio": {{"0", "100"}, {"0.0001", "75"}, {"0.05", "75"}, {"0.0501", "50"}, {"0.15", "50"}, {"0.1501", "25"},
		{"0.3", "25"}, {"0.3001", "0"}, {"1", "0"}, {"null", "50"}},
	"overdue_ratio": {{"0", "100"}, {"0.0001", "75"}, {"0.1", "75"}, {"0.1001", "50"}, {"0.25", "50"}, {"0.2501", "25"},
		{"0.5", "25"}, {"0.5001", "0"}, {"1", "0"}, {"null", "100"}},
	"oldest_overdue_days": {{"0", "100"}, {"1", "75"}, {"15", "75"}, {"16", "50"}, {"30", "50"}, {"31", "25"},
		{"60", "25"}, {"61", "0"}, {"9000", "0"}, {"null", "100"}},
	"trend_days": {{"-300", "100"}, {"-5", "100"}, {"-4.99", "75"}, {"0", "75"}, {"0.01", "50"}, {"5", "50"}, {"5.01", "25"},
		{"10", "25"}, {"10.01", "0"}, {"null", "50"}},
	"external_class": {{"1", "100"}, {"2", "75"}, {"3", "50"}, {"4", "25"}, {"5", "0"}, {"null", "50"}},
	"tenure_months":  {{"0", "0"}, {"12", "0"}, {"13", "25"}, {"24", "25"}, {"25", "50"}, {"36", "50"}, {"37", "75"}, {"60", "75"}, {"61", "100"}, {"null", "50"}},
	"incident_count": {{"0", "100"}, {"1", "75"}, {"2", "50"}, {"3", "25"}, {"4", "0"}, {"99", "0"}, {"null", "50"}},
}

// TestScorecardBorders: each end of each range of each factor.
func TestScorecardBorders(t *testing.T) {
	w := Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"}, Tables: map[string]string{"ledger_entries": scoreLedger}}, "int_score_points")
	points, _ := w.Models.Model("int_score_points")
	w.Exec(t, "drop table int_score_points")
	w.Exec(t, "create view int_score_points as "+points.SQL)
	for factor, borders := range factorBorders {
		for _, border := range borders {
			w.Exec(t, "delete from int_score_factors")
			w.Exec(t, fmt.Sprintf("insert into int_score_factors by name select 0 as month_no, 1 as counterparty_no, 3 as paid_count, %s as %s", border[0], factor))
			got := strings.Split(strings.TrimSpace(w.Text(t, "select range_points from int_score_points where factor = '"+factor+"'")), "\n")
			if len(got) != 2 || got[1] != border[1] {
				t.Errorf("%s %s: %v points, want %s", factor, border[0], got[1:], border[1])
			}
		}
	}
}

// TestScoreClassesAndOverrides: the border of each class, the number of paid invoices
// that a score needs, and what the law makes of a class.
func TestScoreClassesAndOverrides(t *testing.T) {
	for name, c := range map[string]struct {
		late, trend string // worth 25 and 10 of the points; the rest is given
		paid        int
		legal       string // event, severity, event_date, end_date
		want        string // score, class before, override, class, policy class, severity
	}{
		"best":                              {"0", "-5", 3, "", "90.00,A,,A,A,"},
		"eighty is A":                       {"0", "5.01", 3, "", "82.50,A,,A,A,"},
		"just below A":                      {"7", "5.01", 3, "", "76.25,B,,B,B,"},
		"sixty-five is B":                   {"30", "0", 3, "", "68.75,B,,B,B,"},
		"just below B":                      {"31", "0", 3, "", "62.50,C,,C,C,"},
		"two paid invoices are too few":     {"0", "-5", 2, "", ",N,,N,C,"},
		"no paid invoice":                   {"null", "null", 0, "", ",N,,N,C,"},
		"a judgment makes it E":             {"0", "-5", 3, "liquidation,10,2025-06-30,", "90.00,A,legal_procedure,E,E,10"},
		"severity 8 too":                    {"0", "-5", 3, "redressement,8,2025-01-01,", "90.00,A,legal_procedure,E,E,8"},
		"a judgment of tomorrow not yet":    {"0", "-5", 3, "liquidation,10,2025-07-01,", "90.00,A,,A,A,"},
		"one that ended does not count":     {"0", "-5", 3, "redressement,8,2024-01-01,2025-06-30", "90.00,A,,A,A,"},
		"one that ends tomorrow does":       {"0", "-5", 3, "redressement,8,2024-01-01,2025-07-01", "90.00,A,legal_procedure,E,E,8"},
		"ceased":                            {"0", "-5", 3, "ceased,7,2025-01-01,", "90.00,A,ceased,E,E,7"},
		"safeguard leaves D at best":        {"0", "-5", 3, "sauvegarde,6,2025-01-01,", "90.00,A,safeguard,D,D,6"},
		"small events change nothing":       {"0", "-5", 3, "modification,2,2025-01-01,", "90.00,A,,A,A,2"},
		"too little history and a judgment": {"null", "null", 0, "liquidation,10,2025-06-30,", ",N,legal_procedure,E,E,10"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"}, Dated: true,
				Tables: map[string]string{"ledger_entries": scoreLedger}}, "int_risk_scores")
			w.Exec(t, fmt.Sprintf(`create or replace view int_score_factors as select 0 as month_no, 1 as counterparty_no, %d as paid_count,
				%s as late_12m_days, 0 as paid_late_30_12m_ratio, 0 as overdue_ratio, 0 as oldest_overdue_days, %s as trend_days,
				null as external_class, null as tenure_months, 0 as incident_count`, c.paid, c.late, c.trend))
			if parts := strings.Split(c.legal, ","); len(parts) == 4 {
				w.Exec(t, fmt.Sprintf(`create or replace view int_legal_status as select 'E' as entity_id, 'customer' as side, 'C1' as counterparty_id,
					'%s' as event, %s as severity, date '%s' as event_date, try_cast('%s' as date) as end_date`, parts[0], parts[1], parts[2], parts[3]))
			}
			got := strings.TrimSpace(w.Text(t, `select score, class_before_overrides, override_rule, risk_class, policy_class, legal_severity
				from int_risk_scores where month_no = 0`))
			if _, row, _ := strings.Cut(got, "\n"); row != c.want {
				t.Errorf("%s, want %s", row, c.want)
			}
		})
	}
}

// TestEqualReasonsKeepTheirOrder: of factors that cost the same, the heavier counts
// first, then the name.
func TestEqualReasonsKeepTheirOrder(t *testing.T) {
	w := Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"}, Dated: true,
		Tables: map[string]string{"ledger_entries": scoreLedger}}, "mart_risk_score_points")
	// 7.5 of 15 three times, 5 of 10 twice
	w.Exec(t, `create or replace view int_score_factors as select 0 as month_no, 1 as counterparty_no, 3 as paid_count, 0 as late_12m_days,
		0.15 as paid_late_30_12m_ratio, 0.25 as overdue_ratio, 30 as oldest_overdue_days, 5 as trend_days,
		null as external_class, 61 as tenure_months, 0 as incident_count`)
	const want = "factor,lost_points,reason_order\nexternal_class,7.50,1\nlate_12m_days,0.00,\noldest_overdue_days,5.00,4\noverdue_ratio,7.50,2\n" +
		"paid_late_30_12m_ratio,7.50,3\ntenure_months,0.00,\ntrend_days,5.00,5\n"
	if got := w.Text(t, "select factor, lost_points, reason_order from mart_risk_score_points where factor <> 'incident_count'"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestScorecardOfAProject: a card that does not fit is refused, with what is wrong.
func TestScorecardOfAProject(t *testing.T) {
	const head = "factor,weight,from_value,to_value,points\n"
	for name, c := range map[string]struct{ card, want string }{
		"fits":            {"overdue_ratio,100,,0.5,100\noverdue_ratio,100,0.5,,0\noverdue_ratio,100,,,50\n", ""},
		"gap":             {"overdue_ratio,100,,0.5,100\noverdue_ratio,100,0.6,,0\noverdue_ratio,100,,,50\n", "has a gap above this value"},
		"overlap":         {"overdue_ratio,100,,0.5,100\noverdue_ratio,100,0.4,,0\noverdue_ratio,100,,,50\n", "has ranges that overlap above this value"},
		"weights":         {"overdue_ratio,90,,0.5,100\noverdue_ratio,90,0.5,,0\noverdue_ratio,90,,,50\n", "the weights of all factors must add up to 100"},
		"two weights":     {"overdue_ratio,100,,0.5,100\noverdue_ratio,90,0.5,,0\noverdue_ratio,100,,,50\n", "has several weights"},
		"nothing unknown": {"overdue_ratio,100,,0.5,100\noverdue_ratio,100,0.5,,0\n", "needs one line without from_value and to_value"},
		"open end":        {"overdue_ratio,100,,0.5,100\noverdue_ratio,100,,,50\n", "needs one lowest range"},
		"unknown factor":  {"mood,100,,0.5,100\nmood,100,0.5,,0\nmood,100,,,50\n", "is not a factor that can be measured"},
		"points":          {"overdue_ratio,100,,0.5,101\noverdue_ratio,100,0.5,,0\noverdue_ratio,100,,,50\n", "has points below 0 or above 100"},
		"no card":         {"", "the weights of all factors must add up to 100"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"},
				Tables: map[string]string{"ledger_entries": scoreLedger, "ref_scorecard": head + c.card}}, "params")
			for _, check := range w.Models.Checks {
				if check.Name != "scorecard_is_whole" {
					continue
				}
				got := w.Text(t, check.SQL)
				if found := strings.Count(got, "\n") > 1; found != (c.want != "") || !strings.Contains(got, c.want) {
					t.Errorf("found\n%s\nwant %q", got, c.want)
				}
			}
		})
	}
}
