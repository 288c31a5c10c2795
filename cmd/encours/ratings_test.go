package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestRatingsCoversAndAccounts: files of agencies, of an insurer and of accounts change
// score, limit, net exposure and alerts; what finds nobody is listed.
func TestRatingsCoversAndAccounts(t *testing.T) {
	dir := newProject(t, `sources:
  - { name: ledger, kind: fec, entity: ACME, fiscal_year_start: 2025-01-01, paths: ["fec.txt"] }
  - name: customers
    kind: table
    entity: ACME
    dataset: counterparties
    paths: ["customers.csv"]
    columns: { counterparty_id: code, name: name, siren: siren, side: { constant: customer } }
  - { name: dnb, kind: dnb, paths: ["dnb.json"] }
  - { name: creditsafe, kind: creditsafe, paths: ["creditsafe.json"] }
  - { name: insurer, kind: table, preset: credit-insurance, entity: ACME, mode: delta, paths: ["covers.csv"] }
  - { name: accounts, kind: table, preset: financial-statements, mode: delta, paths: ["accounts.csv"] }
`)
	writeFile(t, dir, "fec.txt", header+invoice(1, "20250110", "C1", "F1", "1000,00")+invoice(2, "20250110", "C2", "F2", "200,00")+invoice(3, "20250630", "C2", "F3", "1,00"))
	writeFile(t, dir, "customers.csv", "code;name;siren\nC1;Un;552081317\nC2;Deux;404833048\n")
	writeFile(t, dir, "dnb.json", `{"organization":{"duns":"267012345","primaryName":"UN","countryISOAlpha2Code":"FR","registrationNumbers":[{"registrationNumber":"552 081 317","typeDescription":"SIREN"}],
		"dnbAssessment":{"failureScore":{"classScore":5,"nationalPercentile":4,"scoreDate":"2025-03-01"},"delinquencyScore":{"classScore":2,"nationalPercentile":80,"scoreDate":"2025-04-01"}}}}`)
	writeFile(t, dir, "creditsafe.json", `[{"report":{"companyId":"FR1","companySummary":{"country":"FR","companyRegistrationNumber":"404833048"},"creditScore":{"currentCreditRating":{"commonValue":"A","providerValue":{"value":"90"}},"latestRatingChangeDate":"2025-02-01"}}},
		{"report":{"companyId":"FR2","companySummary":{"country":"FR","companyRegistrationNumber":"732829320"},"creditScore":{"currentCreditRating":{"commonValue":"A"},"latestRatingChangeDate":"2025-02-01"}}}]`)
	writeFile(t, dir, "covers.csv", "policy_id;counterparty_id;siren;limit_amount;currency;quota_ratio;valid_from;cover_status\nP1;C1;;800,00;;0,9;2025-01-01;granted\nP1;C1;;500,00;;0,9;2025-06-01;reduced\nP1;;404833048;50,00;USD;0,9;2025-01-01;\nP1;C9;;50,00;;;2025-01-01;\n")
	writeFile(t, dir, "accounts.csv", "siren;closing_date;accounts_type;published_on;purchases;equity;total_assets;current_assets;current_liabilities;retained_earnings;ebit;total_debt;is_industrial\n552081317;2024-12-31;C;2025-05-31;4000,00;400,00;1000;500;300;150;80;600;false\n")
	must(t, "ingest", "--project", dir)
	built := run(t, "build", "--project", dir)
	if built.code != exitDone {
		t.Fatalf("exit %d\n%s", built.code, built.err)
	}
	for question, want := range map[string]string{
		"select counterparty_id, provider, external_score, external_class, is_counted from mart_ratings order by 1, 2":      "[[C1 dnb 4.00 E true] [C1 dnb_delinquency 80.00 B false] [C2 creditsafe 90.00 A true]]",
		"select counterparty_id, external_score, external_class, insured_amount from mart_risk_scores order by 1":           "[[C1 4.00 E 450.00] [C2 90.00 A 0.00]]",
		"select counterparty_id, net_exposure_amount, capacity_amount, wallet_share_ratio from mart_risk_limits order by 1": "[[C1 550.00 200.00 0.2500] [C2 201.00  ]]",
		"select counterparty_id, model, value, zone from mart_bankruptcy_scores":                                            "[[C1 altman_z_second 3.0386 safe]]",
		"select counterparty_id, sentence_en from mart_alerts where rule = 'INSURER_LIMIT_CUT'":                             "[[C1 The credit insurer covers 500.00 EUR since 1 June 2025 (policy P1)]]",
	} {
		if got := fmt.Sprint(query(t, dir, "", question)); got != want {
			t.Errorf("%s\n%s\nwant\n%s", question, got, want)
		}
	}
	// at the end of May the cover was 800, and the accounts were not public the day before
	if got := fmt.Sprint(query(t, dir, "2025-05-30", "select counterparty_id, insured_amount, capacity_amount from mart_risk_limits order by 1")); got != "[[C1 720.00 ] [C2 0.00 ]]" {
		t.Error(got)
	}
	checks := run(t, "check", "--project", dir)
	for _, want := range []string{"covers_are_counted", "ratings_find_their_customer"} {
		if !strings.Contains(checks.out+checks.err, want) {
			t.Errorf("%s is not told:\n%s%s", want, checks.out, checks.err)
		}
	}
	for _, report := range []string{"ratings", "credit-insurance", "bankruptcy-scores"} {
		if out := must(t, "report", report, "--project", dir, "--format", "csv"); strings.Count(out, "\n") < 2 {
			t.Errorf("%s is empty:\n%s", report, out)
		}
	}
}
