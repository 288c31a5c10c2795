package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPresetsOfCompanies loads ratings, covers, ratios and accounts by their presets; what is missing is null.
func TestPresetsOfCompanies(t *testing.T) {
	for _, c := range []struct{ preset, dataset, text, query, want string }{
		{"ratios-inpi", "financial_ratios",
			"\ufeffsiren;date_cloture_exercice;chiffre_d_affaires;ebe;ratio_de_liquidite;type_bilan;confidentiality\n005520176;2022-12-31;;0;283.486;C;Public\n",
			"select siren, closing_date::varchar, sales is null, ebitda, liquidity_percent, customer_days is null from rows",
			"005520176 2022-12-31 true 0.00 283.4860 true"},
		{"ratings-neutral", "ratings",
			"provider,siren,as_of,score_raw,score_scale_min,score_scale_max,class,turnover\nacme,732829320,2024-01-31,3,5,1,C,1000.50\n",
			"select provider, subject_id, siren, rating_date::varchar, scale_min, class, sales, score_100 is null from rows",
			"acme 732829320 732829320 2024-01-31 5.0000 C 1000.50 true"},
		{"credit-insurance", "credit_insurance",
			"policy_id;counterparty_id;limit_amount;currency;quota_ratio;valid_from\nP1;C001;50000.00;EUR;0.9;2024-01-01\n",
			"select policy_id, counterparty_id, limit_amount, quota_ratio, valid_to is null from rows",
			"P1 C001 50000.00 0.9000 true"},
		{"financial-statements", "financial_statements",
			"siren,closing_date,accounts_type,sales,equity\n732829320,2023-12-31,C,1000.00,\n",
			"select siren, closing_date::varchar, sales, equity is null from rows",
			"732829320 2023-12-31 1000.00 true"},
	} {
		t.Run(c.preset, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.csv")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			dir := tableProject(t, "    preset: "+c.preset+"\n    paths: ["+path+"]\n")
			if r := run(t, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "1 lines loaded, 0 rejected") {
				t.Fatalf("exit %d\n%s", r.code, r.err)
			}
			expect(t, landed(t, dir, c.dataset, c.query), c.want)
		})
	}
}

// TestRatiosOfTheAPI loads an answer of the API as it came: a field that it leaves out is null, a zero stays zero.
func TestRatiosOfTheAPI(t *testing.T) {
	path, err := filepath.Abs("../../../shared/data/finance/ratios_inpi_bce.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("no sample of ratios_inpi_bce beside the repository")
	}
	dir := tableProject(t, "    preset: ratios-inpi\n    paths: ["+path+"]\n")
	if r := run(t, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, " 0 rejected") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	expect(t, landed(t, dir, "financial_ratios", `select count(*), count(age_percent), count(distinct siren), sum(ebit) filter (closing_date = date '2018-12-31' and accounts_type = 'K')
		from rows`), "10 5 1 0.00")
}
