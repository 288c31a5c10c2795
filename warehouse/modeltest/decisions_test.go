package modeltest

import (
	"fmt"
	"strings"
	"testing"
)

// decisionInputs are the inputs of a customer by which no rule but the last fits:
// class B, exposure 8,000, limit 10,000.
var decisionInputs = map[string]string{
	"entity_id": "'E'", "side": "'customer'", "counterparty_id": "'C1'", "counterparty_name": "'One'", "is_intercompany": "false",
	"currency": "'EUR'", "score": "70.00::decimal(5, 2)", "risk_class": "'B'", "policy_class": "'B'", "legal_severity": "null::integer", "is_ceased": "false",
	"exposure_amount": "8000.00::decimal(18, 2)", "limit_amount": "10000.00::decimal(18, 2)", "limit_source": "'granted'",
	"overdue_amount": "0.00::decimal(18, 2)", "oldest_overdue_days": "0", "long_overdue_days": "60", "long_overdue_amount": "0.00::decimal(18, 2)",
}

// decide evaluates an order of a customer, whose inputs differ from decisionInputs by
// pairs of column and value.
func (w *Warehouse) decide(t *testing.T, order string, pairs ...string) string {
	t.Helper()
	given := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		given[pairs[i]] = pairs[i+1]
	}
	var columns []string
	for name, value := range decisionInputs {
		if other, ok := given[name]; ok {
			value = fmt.Sprintf("cast(%s as %s)", other, typeOf(value))
		}
		columns = append(columns, value+" as "+name)
	}
	w.Exec(t, "create or replace view mart_credit_inputs as select "+strings.Join(columns, ", "))
	w.Exec(t, "create or replace view int_credit_requests as select cast('"+order+"' as decimal(18, 2)) as order_amount")
	got := strings.TrimSpace(w.Text(t, "select rule_no, decision, recommended_terms, headroom_amount from mart_credit_decisions"))
	_, row, _ := strings.Cut(got, "\n")
	return row
}

func typeOf(value string) string {
	if _, kind, ok := strings.Cut(value, "::"); ok {
		return kind
	}
	switch {
	case strings.HasPrefix(value, "'"):
		return "varchar"
	case value == "false":
		return "boolean"
	}
	return "integer"
}

// TestDecisionRules: each rule, what comes before it, and its borders to the cent.
func TestDecisionRules(t *testing.T) {
	class := func(c string, more ...string) []string {
		return append([]string{"risk_class", "'" + c + "'", "policy_class", "'" + c + "'"}, more...)
	}
	unrated := func(more ...string) []string {
		return append([]string{"score", "null", "risk_class", "'N'", "policy_class", "'C'"}, more...)
	}
	w := Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"}, Dated: true,
		Tables: map[string]string{"ledger_entries": scoreLedger}}, "mart_credit_decisions")
	for _, c := range []struct {
		name, order string
		inputs      []string
		want        string // rule, decision, terms, headroom
	}{
		{"severity 8 refuses", "100", []string{"legal_severity", "8"}, "1,refuse,usual,2000.00"},
		{"severity 7 does not", "100", []string{"legal_severity", "7"}, "5,approve,usual,2000.00"},
		{"ceased refuses without a severity", "100", []string{"is_ceased", "true"}, "1,refuse,usual,2000.00"},
		{"the law comes before the class", "100", class("E", "legal_severity", "10"), "1,refuse,prepayment,2000.00"},
		{"class E pays before", "0", class("E"), "2,prepay,prepayment,2000.00"},
		{"class E comes before what is overdue", "0", class("E", "long_overdue_amount", "5000"), "2,prepay,prepayment,2000.00"},
		{"1,000.00 overdue for long is not above 1,000", "100", []string{"long_overdue_amount", "1000.00"}, "5,approve,usual,2000.00"},
		{"1,000.01 is", "100", []string{"long_overdue_amount", "1000.01"}, "3,hold,usual,2000.00"},
		{"overdue for less long does not hold", "100", []string{"overdue_amount", "8000"}, "5,approve,usual,2000.00"},
		{"overdue comes before the floor", "100", unrated("long_overdue_amount", "1000.01"), "3,hold,net_30,2000.00"},
		{"an order of the floor", "2000.00", unrated("exposure_amount", "0", "limit_amount", "null"), "4,approve,short,"},
		{"a cent above the floor, no limit", "2000.01", unrated("exposure_amount", "0", "limit_amount", "null"), "7,review,net_30,"},
		{"the floor needs no exposure", "1", unrated("exposure_amount", "null"), "4,approve,short,"},
		{"above the floor the rules of C: within 80 %", "2000.01", unrated("exposure_amount", "5999.99"), "6,approve,net_30,4000.01"},
		{"above the floor the rules of C: beyond", "2000.01", unrated("exposure_amount", "6000.00"), "7,review,net_30,4000.00"},
		{"without a score and by its policy E", "1", unrated("policy_class", "'E'"), "2,prepay,prepayment,2000.00"},
		{"a class has no floor", "2000", class("D"), "7,review,short,2000.00"},
		{"B at 110 % of the limit", "3000.00", nil, "5,approve,usual,2000.00"},
		{"B a cent above", "3000.01", nil, "7,review,usual,2000.00"},
		{"A at 110 % of the limit", "3000.00", class("A"), "5,approve,usual,2000.00"},
		{"C at 80 % of the limit", "0.00", class("C"), "6,approve,net_30,2000.00"},
		{"C a cent above", "0.01", class("C"), "7,review,net_30,2000.00"},
		{"B without a limit", "1", []string{"limit_amount", "null"}, "7,review,usual,"},
		{"B with a rate missing", "1", []string{"exposure_amount", "null"}, "7,review,usual,"},
		{"C without a limit", "1", class("C", "limit_amount", "null"), "7,review,net_30,"},
		{"C with a rate missing", "1", class("C", "exposure_amount", "null"), "7,review,net_30,"},
		{"credits count", "11500.00", []string{"exposure_amount", "-500.00"}, "5,approve,usual,10500.00"},
		{"credits, a cent too much", "11500.01", []string{"exposure_amount", "-500.00"}, "7,review,usual,10500.00"},
		{"a limit of 0 and a credit", "500.00", []string{"exposure_amount", "-500.00", "limit_amount", "0"}, "5,approve,usual,500.00"},
		{"a limit of 0", "0.01", []string{"exposure_amount", "0", "limit_amount", "0"}, "7,review,usual,0.00"},
		{"the largest amounts", "999999999999.99", []string{"exposure_amount", "9999999999999999.99", "limit_amount", "9999999999999999.99"}, "5,approve,usual,0.00"},
	} {
		if got := w.decide(t, c.order, c.inputs...); got != c.want {
			t.Errorf("%s: an order of %s gives %s, want %s", c.name, c.order, got, c.want)
		}
	}
}

const policyHead = "rule_no,rule,severity,is_ceased,risk_classes,overdue_days,overdue_amount,order_amount,limit_ratio,decision,terms,valid_days,rule_en,rule_fr\n"

// TestDecisionPolicyOfAProject: a table that does not fit is refused, with what is wrong.
func TestDecisionPolicyOfAProject(t *testing.T) {
	const last = "2,rest,,false,*,,,,,review,,30,rest,reste\n"
	for name, c := range map[string]struct{ policy, want string }{
		"fits":                    {"1,a,8,true,*,,,,,refuse,,30,a,a\n" + last, ""},
		"one line":                {"1,rest,,false,*,,,,,review,,30,rest,reste\n", ""},
		"nothing":                 {"", "there is no rule at all"},
		"gap":                     {"1,a,8,true,*,,,,,refuse,,30,a,a\n3,rest,,false,*,,,,,review,,30,rest,reste\n", "rule_no must be 2"},
		"same number":             {"1,a,8,true,*,,,,,refuse,,30,a,a\n1,b,,false,E,,,,,prepay,,30,b,b\n3,rest,,false,*,,,,,review,,30,r,r\n", "rule_no must be 2"},
		"same rule":               {"1,rest,8,true,*,,,,,refuse,,30,a,a\n" + last, "rule stands on several lines"},
		"unknown decision":        {"1,a,8,true,*,,,,,perhaps,,30,a,a\n" + last, "decision must be refuse, prepay, hold, approve or review"},
		"severity":                {"1,a,11,true,*,,,,,refuse,,30,a,a\n" + last, "severity must be 0 to 10"},
		"classes":                 {"1,a,,false,AF,,,,,refuse,,30,a,a\n" + last, "risk_classes must be letters of A to E and N"},
		"days without amount":     {"1,a,,false,*,60,,,,hold,,30,a,a\n" + last, "overdue_days and overdue_amount must stand together"},
		"amount without days":     {"1,a,,false,*,,1000,,,hold,,30,a,a\n" + last, "overdue_days and overdue_amount must stand together"},
		"days below 0":            {"1,a,,false,*,-1,1000,,,hold,,30,a,a\n" + last, "overdue_days must be 0 or more"},
		"two numbers of days":     {"1,a,,false,*,60,1000,,,hold,,30,a,a\n2,b,,false,*,90,10,,,prepay,,30,b,b\n3,rest,,false,*,,,,,review,,30,r,r\n", "overdue_days must be 60"},
		"overdue below 0":         {"1,a,,false,*,60,-1,,,hold,,30,a,a\n" + last, "overdue_amount must be 0 or more"},
		"floor of 0":              {"1,a,,false,N,,,0,,approve,,30,a,a\n" + last, "order_amount must be above 0"},
		"per cent for a ratio":    {"1,a,,false,A,,,,110,approve,,30,a,a\n" + last, "1.1 is 110 % of the limit"},
		"ratio of 0":              {"1,a,,false,A,,,,0,approve,,30,a,a\n" + last, "limit_ratio must be above 0"},
		"validity":                {"1,a,8,true,*,,,,,refuse,,0,a,a\n" + last, "valid_days must be 1 to 366"},
		"an approval of anything": {"1,a,,false,A,,,,,approve,,30,a,a\n" + last, "an approval needs order_amount or limit_ratio"},
		"terms":                   {"1,a,8,true,*,,,,,refuse,someday,30,a,a\n" + last, "terms is no line of ref/decision_terms.csv"},
		"a line for all in front": {"1,a,,false,*,,,,,hold,,30,a,a\n" + last, "the lines after it are never tried"},
		"no line for all":         {"1,a,8,true,*,,,,,refuse,,30,a,a\n", "the last line must fit every customer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkReference(t, "ref_decision_policy", policyHead+c.policy, "decision_policy_is_whole", c.want)
		})
	}
}

func TestDecisionTermsOfAProject(t *testing.T) {
	const head = "terms,risk_classes,term_days,terms_en,terms_fr\n"
	for name, c := range map[string]struct{ terms, want string }{
		"fits":          {"all,ABCDE,30,{} days,{} jours\nother,,,x,x\n", ""},
		"class missing": {"all,ABCD,30,x,x\n", "must stand on exactly one line; it stands on 0"},
		"class twice":   {"all,ABCDE,30,x,x\nsome,A,10,x,x\n", "must stand on exactly one line; it stands on 2"},
		"days":          {"all,ABCDE,-1,x,x\n", "term_days must be 0 to 366"},
		"class N":       {"all,ABCDEN,30,x,x\n", "risk_classes must be letters of A to E"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkReference(t, "ref_decision_terms", head+c.terms, "decision_terms_are_whole", c.want)
		})
	}
}

// checkReference runs a check over one reference table; want "" means that it finds
// nothing.
func checkReference(t *testing.T, table, text, check, want string) {
	t.Helper()
	w := Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"},
		Tables: map[string]string{"ledger_entries": scoreLedger, table: text}}, "params")
	ran := false
	for _, c := range w.Models.Checks {
		if c.Name != check {
			continue
		}
		ran = true
		got := w.Text(t, c.SQL)
		if found := strings.Count(got, "\n") > 1; found != (want != "") || !strings.Contains(got, want) {
			t.Errorf("found\n%s\nwant %q", got, want)
		}
	}
	if !ran {
		t.Errorf("there is no check %s", check)
	}
}

// TestDecisionsMoveWithTheDate: what was overdue for long, and the law, are those of
// the as-of date; the checks hold there.
func TestDecisionsMoveWithTheDate(t *testing.T) {
	w := Open(t, Case{Params: map[string]string{"as_of": "2025-12-31"}, Dated: true, Tables: map[string]string{
		"invoices": "document_id,counterparty_id,document_type,issue_date,due_date,amount\n" +
			"I1,C1,invoice,2025-01-01,2025-01-31,1500\nI2,C1,invoice,2025-11-01,2025-12-31,100\n",
		"payments":       "payment_id,counterparty_id,payment_date,amount\nP1,C1,2025-06-30,1500\n",
		"allocations":    "allocation_id,payment_id,document_id,amount\n1,P1,I1,1500\n",
		"counterparties": "counterparty_id,name,credit_limit\nC1,One,5000\nC2,Two,4000\n",
	}}, "mart_credit_decisions")
	w.Exec(t, `create or replace view int_legal_status as select 'E' as entity_id, 'customer' as side, 'C2' as counterparty_id,
		'ceased' as event, 7 as severity, date '2025-09-01' as event_date, null::date as end_date`)
	for _, c := range []struct{ day, want string }{
		// due on 31 January: 60 days late on 1 April, 61 on 2 April
		{"2025-04-01", "C1,4,new_customer,0.00,1500.00,5000.00\nC2,4,new_customer,0.00,0.00,4000.00\n"},
		{"2025-04-02", "C1,3,long_overdue,1500.00,1500.00,5000.00\nC2,4,new_customer,0.00,0.00,4000.00\n"},
		{"2025-08-31", "C1,4,new_customer,0.00,0.00,5000.00\nC2,4,new_customer,0.00,0.00,4000.00\n"},
		{"2025-12-31", "C1,4,new_customer,0.00,100.00,5000.00\nC2,1,legal,0.00,0.00,4000.00\n"},
	} {
		w.SetAsOf(t, c.day)
		got := w.Text(t, "select counterparty_id, rule_no, decision_rule, long_overdue_amount, exposure_amount, limit_amount from mart_credit_decisions")
		if _, rows, _ := strings.Cut(got, "\n"); rows != c.want {
			t.Errorf("at %s\n%s\nwant\n%s", c.day, rows, c.want)
		}
		for _, check := range w.Models.Checks {
			if check.Name != "decisions_are_whole" {
				continue
			}
			if offences := w.Text(t, check.SQL); strings.Count(offences, "\n") > 1 {
				t.Errorf("at %s the check finds\n%s", c.day, offences)
			}
		}
	}
}
