package modeltest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/graph"
)

// alertLedger begins two years before what the cases are about.
const alertLedger = "entry_number,entry_date,account,aux_account,document_ref,debit,credit,due_date\n" +
	"1,2023-01-05,606000,,X,1,,\n1,2023-01-05,512000,,X,,1,\n"

// sale adds an entry: an invoice with a due date; a negative amount is a payment.
func sale(day, customer, ref, amount, due string) string {
	entry := customer + ref + day + amount
	if paid, ok := strings.CutPrefix(amount, "-"); ok {
		return fmt.Sprintf("%[1]s,%[2]s,411000,%[3]s,%[4]s,,%[5]s,%[6]s\n%[1]s,%[2]s,512000,,%[4]s,%[5]s,,\n", entry, day, customer, ref, paid, due)
	}
	return fmt.Sprintf("%[1]s,%[2]s,411000,%[3]s,%[4]s,%[5]s,,%[6]s\n%[1]s,%[2]s,707000,,%[4]s,,%[5]s,\n", entry, day, customer, ref, amount, due)
}

// alertWarehouse has dated models of alerts over a ledger and more tables.
func alertWarehouse(t *testing.T, ledger string, more map[string]string, only ...string) *Warehouse {
	t.Helper()
	tables := map[string]string{
		"ledger_entries":   alertLedger + ledger,
		"project_entities": "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n",
	}
	for name, text := range more {
		tables[name] = text
	}
	return Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"}, Dated: true, Tables: tables}, append(only, "int_counterparty_keys")...)
}

// rowsAt returns the rows of a query at a date.
func (w *Warehouse) rowsAt(t *testing.T, day, query string) []string {
	t.Helper()
	w.SetAsOf(t, day)
	return strings.Split(strings.TrimSpace(w.Text(t, query)), "\n")[1:]
}

// alertsFrom lists what a model of alerts finds, with the code of the customer.
func alertsFrom(model, where string) string {
	return "select counterparty_id, found.rule, measure, subject, old_value::float as old, new_value::float as new, at_stake_amount from " + model +
		" as found inner join int_counterparty_keys using (counterparty_no) where " + where
}

// wantAt compares the rows at several dates.
func (w *Warehouse) wantAt(t *testing.T, query string, wants map[string][]string) {
	t.Helper()
	for day, want := range wants {
		if got := w.rowsAt(t, day, query); !slices.Equal(got, want) {
			t.Errorf("at %s: %q, want %q", day, got, want)
		}
	}
}

// TestNew90PlusBorders: a document is told from its 91st day late on, for thirty days,
// once per due date; 500 is too little, what is paid by then is not told, nor a credit.
func TestNew90PlusBorders(t *testing.T) {
	w := alertWarehouse(t, sale("2025-01-02", "C1", "F1", "1000.00", "2025-01-10")+
		sale("2025-01-02", "C2", "F2", "500.00", "2025-01-10")+sale("2025-01-02", "C3", "F3", "500.01", "2025-01-10")+
		sale("2025-01-02", "C4", "F4", "900.00", "2025-01-10")+sale("2025-01-20", "C4", "F4", "-900.00", "")+
		sale("2025-01-02", "C5", "AV", "-900.00", "2025-01-10"), nil, "int_alert_overdues")
	both := func(days int) []string {
		return []string{
			fmt.Sprintf("C1,NEW_90PLUS,overdue_days,F1 2025-01-10,90.0,%d.0,1000.00", days),
			fmt.Sprintf("C3,NEW_90PLUS,overdue_days,F3 2025-01-10,90.0,%d.0,500.01", days),
		}
	}
	// the amount is a matter of the rule, see int_alerts
	w.wantAt(t, alertsFrom("int_alert_overdues", "found.rule = 'NEW_90PLUS' and at_stake_amount > 500"), map[string][]string{
		"2025-04-10": {}, "2025-04-11": both(91), "2025-05-10": both(120), "2025-05-11": {},
	})
}

// TestOverdueJumpBorders: 40,000 open, of which so much falls due in June.
func TestOverdueJumpBorders(t *testing.T) {
	customer := func(id, late, due, rest string) string {
		return sale("2025-01-10", id, id+"-late", late, due) + sale("2025-01-10", id, id+"-rest", rest, "2025-12-31")
	}
	w := alertWarehouse(t,
		customer("C1", "6000.00", "2025-06-29", "34000.00")+ // 15 points
			customer("C2", "5996.00", "2025-06-29", "34004.00")+ // 14.99 points
			customer("C3", "6000.00", "2025-06-30", "34000.00")+ // due today is not overdue
			customer("C4", "6000.00", "2025-05-30", "34000.00")+ // overdue already when the window begins
			customer("C5", "4000.00", "2025-04-30", "36000.00")+sale("2025-01-10", "C5", "C5-more", "4000.00", "2025-06-10")+ // 4,000 of 44,000, then 8,000
			customer("C6", "4000.00", "2025-04-30", "36000.00")+sale("2025-01-10", "C6", "C6-more", "3900.00", "2025-06-10")+ // not twice
			// what was not due is paid: the share rises, the overdue amount does not
			sale("2025-01-09", "C7", "C7-rest", "34000.00", "2025-12-31")+sale("2025-01-10", "C7", "C7-late", "6000.00", "2025-04-30")+sale("2025-06-20", "C7", "C7-rest", "-34000.00", "")+
			// new at the end of May: nothing was open, so nothing was overdue
			sale("2025-06-02", "C8", "C8-late", "7000.00", "2025-06-10"), nil, "int_alert_overdues")
	w.wantAt(t, alertsFrom("int_alert_overdues", "found.rule = 'OVERDUE_JUMP'"), map[string][]string{
		"2025-06-30": {
			"C1,OVERDUE_JUMP,overdue_ratio,C1-late 2025-06-29,0.0,0.15,6000.00",
			"C5,OVERDUE_JUMP,overdue_factor,C5-more 2025-06-10,0.0909,0.1818,8000.00",
			"C8,OVERDUE_JUMP,overdue_ratio,C8-late 2025-06-10,0.0,1.0,7000.00",
		},
		// the ledger begins on 5 January 2023: at its thirtieth day the day before it is not known
		"2023-02-03": {},
	})
}

// TestOverdueJumpNamesTheLargest: of several new overdue documents the largest, of equal
// ones the one that was due first, then by number.
func TestOverdueJumpNamesTheLargest(t *testing.T) {
	w := alertWarehouse(t, sale("2025-01-10", "C1", "old", "90000.00", "2025-03-01")+sale("2025-01-10", "C1", "b", "70000.00", "2025-06-11")+
		sale("2025-01-10", "C1", "a", "70000.00", "2025-06-11")+sale("2025-01-10", "C1", "c", "70000.00", "2025-06-12"), nil, "int_alert_overdues")
	w.wantAt(t, alertsFrom("int_alert_overdues", "found.rule = 'OVERDUE_JUMP' and measure = 'overdue_ratio'"), map[string][]string{
		"2025-06-30": {"C1,OVERDUE_JUMP,overdue_ratio,a 2025-06-11,0.3,1.0,300000.00"},
	})
}

// TestLimitBorders: exactly the limit is not beyond it, exactly nine tenths are nearly all
// of it; a limit of 0 is one; who has a credit is not near any limit.
func TestLimitBorders(t *testing.T) {
	const due = "2025-12-31"
	w := alertWarehouse(t, sale("2025-03-01", "C1", "a", "1000.00", due)+sale("2025-03-01", "C2", "b", "1000.01", due)+
		sale("2025-03-01", "C3", "c", "900.00", due)+sale("2025-03-01", "C4", "d", "899.99", due)+sale("2025-03-01", "C5", "e", "0.01", due)+
		sale("2025-03-01", "C6", "f", "-50.00", "")+sale("2025-03-01", "C7", "g", "5000.00", due)+
		// beyond it in January, not in February, and again since 10 March
		sale("2025-01-10", "C8", "h", "1500.00", due)+sale("2025-02-01", "C8", "h", "-1500.00", "")+sale("2025-03-10", "C8", "i", "1200.00", due)+
		sale("2025-04-10", "C8", "j", "100.00", due)+sale("2025-04-01", "C9", "k", "1.00", due),
		map[string]string{
			"counterparties": "counterparty_id,name,credit_limit\nC1,Un,1000\nC2,Deux,1000\nC3,Trois,1000\nC4,Quatre,1000\nC5,Cinq,0\nC6,Six,0\nC7,Sept,\nC8,Huit,1000\nC9,Neuf,1000\n",
			"orders":         "order_id,counterparty_id,order_date,open_amount\nO1,C9,2025-05-01,1000\nO2,C4,2025-07-01,5000\n",
		}, "mart_limit_overruns")
	w.wantAt(t, "select counterparty_id, rule, credit_limit_amount, exposure_amount, over_amount, since_date from mart_limit_overruns", map[string][]string{
		"2025-06-30": {
			"C1,LIMIT_90,1000.00,1000.00,0.00,2025-03-01", "C2,LIMIT_EXCEEDED,1000.00,1000.01,0.01,2025-03-01",
			"C3,LIMIT_90,1000.00,900.00,-100.00,2025-03-01", "C5,LIMIT_EXCEEDED,0.00,0.01,0.01,2025-03-01",
			"C8,LIMIT_EXCEEDED,1000.00,1300.00,300.00,2025-03-10", "C9,LIMIT_EXCEEDED,1000.00,1001.00,1.00,2025-05-01",
		},
		"2025-02-15": {},
		"2025-01-31": {"C8,LIMIT_EXCEEDED,1000.00,1500.00,500.00,2025-01-10"},
	})
}

// TestEventAlerts: promises, returned payments and disputes in their windows.
func TestEventAlerts(t *testing.T) {
	w := alertWarehouse(t, sale("2025-01-02", "C1", "F1", "300.00", "2025-02-01")+sale("2025-02-20", "C1", "F1", "-40.00", "")+
		sale("2025-01-02", "C2", "F2", "200.00", "2025-02-01")+sale("2025-02-01", "C2", "P2", "-200.00", "")+
		"back,2025-03-10,411000,C2,P2,200.00,,\nback,2025-03-10,512000,,P2,,200.00,\n",
		map[string]string{
			// 3 March is a Monday: the deadline is Wednesday the 5th
			"promises": "promise_id,counterparty_id,amount,promised_date,made_on\nP1,c1,100,2025-03-03,2025-02-10\nP2,C1,40,2025-03-03,2025-02-15\n",
			"disputes": "dispute_id,counterparty_id,document_id,amount,status,opened_on,closed_on\nD1,C2,F2,150,open,2025-03-01,\n" +
				"D2,C2,F2,80,closed,2025-03-01,2025-03-20\nD3,C2,F2,70,closed,2025-03-01,\n",
		}, "int_alert_events")
	promise, reject := "C1,BROKEN_PROMISE,event,P1,100.0,40.0,60.00", "C2,PAYMENT_REJECT,event,F2 2025-03-10,,200.0,200.00"
	opened := func(id string, amount int) string {
		return fmt.Sprintf("C2,DISPUTE_OPENED,event,%s,,%d.0,%d.00", id, amount, amount)
	}
	long := func(days int) string { return fmt.Sprintf("C2,DISPUTE_LONG,open_days,D1,,%d.0,150.00", days) }
	w.wantAt(t, alertsFrom("int_alert_events", "true"), map[string][]string{
		"2025-02-28": {},
		"2025-03-05": {opened("D1", 150), opened("D2", 80)},
		"2025-03-06": {promise, opened("D1", 150), opened("D2", 80)},
		"2025-03-10": {promise, opened("D1", 150), opened("D2", 80), reject},
		"2025-03-30": {promise, opened("D1", 150), reject},
		"2025-03-31": {promise, reject},
		"2025-04-04": {promise, reject},
		"2025-04-08": {reject},
		"2025-04-09": {},
		"2025-04-29": {},
		"2025-04-30": {long(60)},
	})
}

// TestLegalAlerts: severity 5 counts; what has ceased is told as such; the list of
// encours.yaml is a judgment.
func TestLegalAlerts(t *testing.T) {
	const supplier = "buy,2025-01-02,401000,S1,A1,,500.00,\nbuy,2025-01-02,606000,,A1,500.00,,\n"
	w := alertWarehouse(t, sale("2025-01-02", "C1", "F1", "300.00", "2025-02-01")+sale("2025-01-02", "C2", "F2", "200.00", "2025-02-01")+supplier,
		map[string]string{"project_insolvencies": "side,pattern,opened_on,published_on\ncustomer,C2,2025-03-03,\n"}, "int_alert_legal")
	query := alertsFrom("int_alert_legal", "true")
	const listed = "C2,LEGAL_EVENT,severity,insolvency 2025-03-03,,8.0,200.00"
	w.wantAt(t, query, map[string][]string{"2025-03-02": {}, "2025-03-03": {listed}, "2026-03-03": {listed}})
	w.Exec(t, `create or replace view int_legal_status as select 'E' as entity_id, *, event_date as judged_date, event as nature from (values
		('customer', 'C1', date '2025-02-01', null, 'modification', 4), ('customer', 'C1', date '2025-02-02', null, 'plan', 5),
		('customer', 'C1', date '2025-02-03', date '2025-03-04', 'sauvegarde', 6), ('customer', 'C2', date '2025-03-03', null, 'liquidation', 10),
		('supplier', 'S1', date '2025-02-05', null, 'ceased', 7)) as v (side, counterparty_id, event_date, end_date, event, severity)`)
	w.wantAt(t, query, map[string][]string{
		"2025-03-03": {
			"C1,LEGAL_EVENT,severity,plan 2025-02-02,,5.0,300.00", "C1,LEGAL_EVENT,severity,sauvegarde 2025-02-03,,6.0,300.00",
			"C2,LEGAL_EVENT,severity,liquidation 2025-03-03,,10.0,200.00", "S1,CEASED,event,ceased 2025-02-05,,7.0,500.00",
		},
		"2025-03-04": {
			"C1,LEGAL_EVENT,severity,plan 2025-02-02,,5.0,300.00", "C2,LEGAL_EVENT,severity,liquidation 2025-03-03,,10.0,200.00",
			"S1,CEASED,event,ceased 2025-02-05,,7.0,500.00",
		},
	})
}

// TestStaleData: 45 days without an entry are not too long, 46 are; payments that stopped
// while invoices go on are told, and nothing where there never was a payment.
func TestStaleData(t *testing.T) {
	w := alertWarehouse(t, sale("2025-01-02", "C1", "F1", "300.00", "2025-02-01")+sale("2025-01-10", "C1", "F1", "-300.00", "")+
		sale("2025-02-24", "C1", "F2", "10.00", "")+sale("2025-02-25", "C1", "F3", "10.00", ""), nil, "int_alert_data")
	const query = "select entity_id, measure, subject, new_value::float as days from int_alert_data"
	w.wantAt(t, query, map[string][]string{
		"2025-01-05": {},
		"2025-02-24": {},
		"2025-02-25": {"E,payment_days,payment_days 2025-01-10,46.0"},
		"2025-04-11": {"E,payment_days,payment_days 2025-01-10,46.0"},
		"2025-04-12": {"E,entry_days,entry_days 2025-02-25,46.0", "E,payment_days,payment_days 2025-01-10,46.0"},
	})
}

// TestScoreAlerts: the border of each measure; a class that falls further is another
// alert; N is no class to fall from.
func TestScoreAlerts(t *testing.T) {
	w := alertWarehouse(t, sale("2025-01-02", "C1", "F1", "300.00", "2025-12-01"), nil, "int_alert_scores")
	for name, c := range map[string]struct {
		before, latest string // score, class
		want           []string
	}{
		"a class":          {"66,'B'", "64,'C'", []string{"C1,SCORE_DROP,classes,2025-05-31 B>C,2.0,3.0,300.00"}},
		"two classes":      {"66.25,'B'", "40,'D'", []string{"C1,SCORE_DROP,classes,2025-05-31 B>D,2.0,4.0,300.00", "C1,SCORE_DROP,points,2025-05-31 B>D,66.25,40.0,300.00"}},
		"ten points":       {"95,'A'", "85,'A'", []string{"C1,SCORE_DROP,points,2025-05-31 A>A,95.0,85.0,300.00"}},
		"nearly ten":       {"95,'A'", "85.01,'A'", []string{}},
		"better":           {"40,'D'", "66,'B'", []string{}},
		"too little since": {"66,'B'", "null,'N'", []string{}},
		"too little then":  {"null,'N'", "20,'E'", []string{}},
	} {
		w.Exec(t, fmt.Sprintf(`create or replace view int_risk_scores as select *, 1 as counterparty_no, 'customer' as side
			from (values (0, date '2025-06-30', %s), (1, date '2025-05-31', %s)) as v (month_no, score_date, score, risk_class)`, c.latest, c.before))
		if got := w.rowsAt(t, "2025-06-30", alertsFrom("int_alert_scores", "found.rule = 'SCORE_DROP'")); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		trends string // month_no, trend_days
		want   []string
	}{
		"ten days":          {"(0, 10.00)", []string{}},
		"more":              {"(0, 10.01)", []string{"C1,DSO_DRIFT,late_days,2025-06-01,20.0,30.01,300.00"}},
		"for three months":  {"(0, 12), (1, 11), (2, 10.5), (3, 10), (4, 30)", []string{"C1,DSO_DRIFT,late_days,2025-04-01,20.0,32.0,300.00"}},
		"not any more":      {"(0, 9), (1, 30)", []string{}},
		"nothing paid then": {"(0, 12), (1, null), (2, 12)", []string{"C1,DSO_DRIFT,late_days,2025-06-01,20.0,32.0,300.00"}},
	} {
		w.Exec(t, `create or replace view int_score_factors as select 1 as counterparty_no, 20 as late_12m_days, * from (values `+c.trends+`) as v (month_no, trend_days)`)
		if got := w.rowsAt(t, "2025-06-30", alertsFrom("int_alert_scores", "found.rule = 'DSO_DRIFT'")); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestAlertRulesOfAProject: a line that cannot be used is refused, with what is wrong.
func TestAlertRulesOfAProject(t *testing.T) {
	w := Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"}, Tables: map[string]string{"ledger_entries": scoreLedger}}, "params")
	at := slices.IndexFunc(w.Models.Checks, func(m graph.Model) bool { return m.Name == "alert_rules_are_usable" })
	if got := w.Text(t, w.Models.Checks[at].SQL); strings.Count(got, "\n") != 1 {
		t.Errorf("the shipped rules:\n%s", got)
	}
	for name, c := range map[string]struct{ line, want string }{
		"fits":               {"'DSO_DRIFT', 'late_days', true, 5, 10, null, null, '{old} {new} {about} {date} {window}', 'x'", ""},
		"disabled":           {"'CEASED', 'event', false, 5, null, 0, null, 'x', 'x'", ""},
		"rule":               {"'MOOD', 'event', true, 5, null, null, null, 'x', 'x'", "rule is not known"},
		"measure":            {"'SCORE_DROP', 'days', true, 5, 1, null, null, 'x', 'x'", "measure is not known: this rule measures classes, points"},
		"severity":           {"'CEASED', 'event', true, 11, null, null, null, 'x', 'x'", "severity must be 1 to 10"},
		"no threshold":       {"'DSO_DRIFT', 'late_days', true, 5, null, null, null, 'x', 'x'", "threshold is missing"},
		"threshold of event": {"'CEASED', 'event', true, 5, 1, null, null, 'x', 'x'", "threshold must be empty"},
		"zero":               {"'DSO_DRIFT', 'late_days', true, 5, 0, null, null, 'x', 'x'", "threshold must be more than 0"},
		"factor":             {"'OVERDUE_JUMP', 'overdue_factor', true, 5, 1, 0, 30, 'x', 'x'", "it is a factor"},
		"ratio":              {"'OVERDUE_JUMP', 'overdue_ratio', true, 5, 15, 0, 30, 'x', 'x'", "0.15 is 15 per cent"},
		"utilisation":        {"'LIMIT_90', 'utilisation_ratio', true, 5, 90, null, null, 'x', 'x'", "0.9 is 90 per cent"},
		"half a class":       {"'SCORE_DROP', 'classes', true, 5, 1.5, null, null, 'x', 'x'", "1 to 4 classes"},
		"no window":          {"'NEW_90PLUS', 'overdue_days', true, 5, 90, 0, null, 'x', 'x'", "window_days is missing"},
		"window":             {"'NEW_90PLUS', 'overdue_days', true, 5, 90, 0, 0, 'x', 'x'", "window_days must be 1 to 3650"},
		"over_amount":        {"'CEASED', 'event', true, 5, null, -1, null, 'x', 'x'", "over_amount must be 0 or more"},
		"no words":           {"'CEASED', 'event', true, 5, null, null, null, 'x', ' '", "must say something"},
		"placeholder":        {"'CEASED', 'event', true, 5, null, null, null, '{name} has ceased', 'x'", "words may hold {old}"},
		"twice":              {"'CEASED', 'event', true, 5, null, null, null, 'x', 'x'), ('CEASED', 'event', true, 4, null, null, null, 'x', 'x'", "several lines"},
		"limits": {"'LIMIT_90', 'utilisation_ratio', true, 5, 1, null, null, 'x', 'x'), ('LIMIT_EXCEEDED', 'utilisation_ratio', true, 5, 1, null, null, 'x', 'x'",
			"below that of LIMIT_EXCEEDED"},
	} {
		w.Exec(t, "delete from ref_alert_rules")
		w.Exec(t, "insert into ref_alert_rules values ("+c.line+")")
		got := w.Text(t, w.Models.Checks[at].SQL)
		if found := strings.Count(got, "\n") > 1; found != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: found\n%s\nwant %q", name, got, c.want)
		}
	}
}

// TestAlertsDoNotLookAhead: alerts at a day from the whole extracts are those of extracts
// cut at that day, and a session that moves there gives the same.
func TestAlertsDoNotLookAhead(t *testing.T) {
	const figures = "select * exclude (counterparty_name) from mart_alerts"
	rules := map[string]bool{}
	for seed := range uint64(2) {
		l := newLedger(800+seed, false, false)
		promises := l.sellRegularly()
		tables := func(upTo time.Time) map[string]string {
			made := l.riskTables(promises, upTo)
			made["counterparties"] = "counterparty_id,name,opened_on,credit_limit\nS1,Un,2020-05-04,1000\nS2,Deux,2024-02-29,100\nS5,Cinq,2024-02-29,9000\nC1,Trois,2018-01-01,500\n"
			made["project_insolvencies"] = "pattern,opened_on,published_on\nS4,2023-10-10,\n"
			return made
		}
		last := start.AddDate(years, 0, 0)
		whole := Open(t, Case{Params: map[string]string{"as_of": "2026-01-31"}, Dated: true, Tables: tables(last)}, "mart_alerts")
		for range 3 {
			day := start.AddDate(0, 0, 200+l.rng.IntN(365*years-200))
			as := day.Format(time.DateOnly)
			cut := Open(t, Case{Params: map[string]string{"as_of": as}, Tables: tables(day)}, "mart_alerts")
			want := cut.Text(t, figures)
			whole.BuildAt(t, as)
			if got := whole.Text(t, figures); got != want {
				t.Errorf("at %s the whole extracts give\n%s\nthose cut there\n%s", as, got, want)
			}
			for _, rule := range strings.Fields(cut.Text(t, "select distinct rule from mart_alerts")) {
				rules[rule] = true
			}
		}
	}
	if len(rules) < 6 { // the header is one
		t.Errorf("only these rules were compared: %v", rules)
	}
}
