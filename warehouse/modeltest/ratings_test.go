package modeltest

import (
	"maps"
	"testing"
)

// ratedWarehouse has the customers C1 (552081317), who owes 1,000 of 10 June 2025, and C2
// (404833048), who owes 600.
func ratedWarehouse(t *testing.T, more map[string]string, only ...string) *Warehouse {
	t.Helper()
	tables := map[string]string{
		"counterparties": "counterparty_id,name,siren\nC1,Un,552081317\nC2,Deux,404833048\n",
		"invoices": "document_id,counterparty_id,document_type,issue_date,due_date,amount\nI1,C1,invoice,2025-06-10,2025-07-10,1000\n" +
			"I2,C2,invoice,2025-06-10,2025-07-10,600\n",
	}
	maps.Copy(tables, more)
	return Open(t, Case{Params: map[string]string{"as_of": "2025-12-31"}, Dated: true, Tables: tables}, append(only, "int_counterparty_keys")...)
}

// TestAgenciesTakeTurns: the agency with the lower rank counts from its first rating on,
// a later one of another changes nothing, an own rating of it does; what the accounts
// tell counts before any agency; one that is not used never does.
func TestAgenciesTakeTurns(t *testing.T) {
	t.Parallel()
	tables := map[string]string{
		"ratings": "provider,subject_id,rating_date,siren,score_100,class\nxyz,1,2025-02-01,552081317,40,D\ndnb,1,2025-03-01,552081317,90,1\nxyz,1,2025-04-01,552081317,10,E\n" +
			"dnb,1,2025-05-01,552081317,55,3\ndnb,2,2025-05-01,552081317,20,4\ncreditsafe,9,2025-05-05,404833048,,E\n",
		"financial_statements": "siren,closing_date,accounts_type,total_assets,current_assets,current_liabilities,retained_earnings,ebit,equity,total_debt,is_industrial\n" +
			"552081317,2024-06-30,C,1000,500,300,150,80,400,600,false\n",
	}
	w := ratedWarehouse(t, tables, "int_external_scores")
	query := "select counterparty_id, rating_date, provider, external_score, external_class from int_external_scores order by 1, 2"
	const want = `counterparty_id,rating_date,provider,external_score,external_class
C1,2025-01-30,accounts,,B
C1,2025-02-01,xyz,40.00,D
C1,2025-03-01,dnb,90.00,A
C1,2025-04-01,dnb,90.00,A
C1,2025-05-01,dnb,20.00,D
`
	if got := w.Text(t, query); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	tables["ref_external_providers"] = "provider,rank_no,is_used\ndnb,1,false\naccounts,2,false\n*,3,true\n"
	w = ratedWarehouse(t, tables, "int_external_scores")
	if got, want := w.Text(t, query), "counterparty_id,rating_date,provider,external_score,external_class\nC1,2025-02-01,xyz,40.00,D\nC1,2025-04-01,xyz,10.00,E\n"; got != want {
		t.Errorf("without dnb\n%s\nwant\n%s", got, want)
	}
}

// TestRatingsAndCoversDoNotLookAhead: score, class, insured amount, net exposure, what the
// means allow and the share of the purchases at dates between the events.
func TestRatingsAndCoversDoNotLookAhead(t *testing.T) {
	t.Parallel()
	w := ratedWarehouse(t, map[string]string{
		"ratings": "provider,subject_id,rating_date,siren,score_100,class\ndnb,1,2025-07-01,552081317,90,1\n",
		"credit_insurance": "policy_id,counterparty_id,limit_amount,valid_from,valid_to,quota_ratio,declaration_days\n" +
			"P1,C1,400,2025-07-01,2025-12-31,0.9,\nP2,C1,100,2025-08-01,2025-12-31,0.8,\nP1,C1,0,2025-10-01,,,\n",
		"financial_statements": "siren,closing_date,accounts_type,published_on,currency,months,purchases,equity\n552081317,2024-12-31,C,2025-07-15,,6,2500,900\n" +
			"552081317,2023-12-31,C,2025-09-01,,,90000,900\n404833048,2024-12-31,C,2025-07-15,USD,,2500,900\n",
	}, "mart_ratings", "mart_risk_limits")
	query := `select counterparty_id, insured_amount, net_exposure_amount, capacity_amount, wallet_share_ratio from mart_risk_limits order by 1`
	// P1 alone pays 0.9 x 400 = 360; with P2 (0.9 x 400 + 0.8 x 100) / 500 = 0.88 of 500 = 440; P2 alone 0.8 x 100 = 80.
	// purchases of six months, 2,500, are 5,000 of twelve: 5 % of class C is 250, and 1,000 of 5,000 is 0.2
	const other = "C2,0.00,600.00,,"
	w.wantAt(t, query, map[string][]string{
		"2025-07-14": {"C1,360.00,640.00,,", other},
		"2025-08-01": {"C1,440.00,560.00,250.00,0.2000", other},
		"2025-10-01": {"C1,80.00,920.00,250.00,0.2000", other},
		"2026-01-01": {"C1,0.00,1000.00,250.00,0.2000", other},
	})
	w.wantAt(t, "select counterparty_id, external_score, is_counted from mart_ratings", map[string][]string{"2025-06-30": {}, "2025-07-01": {"C1,90.00,true"}})
}

// TestInsurerAlerts: a cover that becomes less is told from its day on for ninety days, one
// that becomes more is not; one that ends tells it the day after its last.
func TestInsurerAlerts(t *testing.T) {
	t.Parallel()
	w := ratedWarehouse(t, map[string]string{
		"credit_insurance": "policy_id,counterparty_id,limit_amount,valid_from,valid_to,cover_status,requested_amount\n" +
			"P1,C1,400,2025-06-10,,,\nP1,C1,500,2025-07-01,,,\nP1,C1,300,2025-08-01,,,500\nP1,C1,300,2025-09-01,,cancelled,\n" +
			"P1,C2,400,2025-06-10,2025-06-30,,\nP1,C2,400,2025-07-01,2025-09-15,,\nP2,C2,0,2025-08-10,,refused,1000\n",
	}, "int_alert_insurance")
	const reduced, cancelled, refused, expired = "C1,INSURER_LIMIT_CUT,event,P1 2025-08-01 reduced,500.0,300.0,1000.00", "C1,INSURER_LIMIT_CUT,event,P1 2025-09-01 cancelled,300.0,0.0,1000.00",
		"C2,INSURER_LIMIT_CUT,event,P2 2025-08-10 refused,,0.0,600.00", "C2,INSURER_LIMIT_CUT,event,P1 2025-09-16 expired,400.0,0.0,600.00"
	query := alertsFrom("int_alert_insurance", "true order by 1, 4")
	w.wantAt(t, query, map[string][]string{
		"2025-07-31": {}, "2025-08-01": {reduced}, "2025-08-10": {reduced, refused}, "2025-09-01": {reduced, cancelled, refused},
		"2025-09-15": {reduced, cancelled, refused}, "2025-09-16": {reduced, cancelled, expired, refused}, "2025-10-30": {cancelled, expired, refused},
	})
	w.Exec(t, "update ref_alert_rules set is_enabled = false where rule = 'INSURER_LIMIT_CUT'")
	w.wantAt(t, query, map[string][]string{"2025-09-16": {}})
}
