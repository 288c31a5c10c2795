package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// demoOpenAmount is what customers owe at the end of the ledgers, by accounts 411, 4117,
// 413 and 416; it stands in README.md.
const demoOpenAmount = "1357319.89"

// checkDemoCompanies: in a built demo the extracts beside the ledgers tell who stands
// behind the codes, and change no amount.
func checkDemoCompanies(t *testing.T, dir string) {
	t.Helper()
	one := func(question string) string {
		t.Helper()
		return fmt.Sprint(query(t, dir, "", question)[0])
	}
	codes := ledgerCodes(t, dir)
	distinct := "select count(*), count(distinct entity_id || ' ' || side || ' ' || counterparty_id) from dim_counterparties"
	if got, want := one(distinct), fmt.Sprintf("[%[1]d %[1]d]", len(codes)); got != want {
		t.Errorf("counterparties and their codes: %s, want the %s of the ledgers", got, want)
	}
	for _, row := range query(t, dir, "", "select entity_id, side, counterparty_id from dim_counterparties") {
		if key := strings.Join(row, " "); !codes[key] {
			t.Errorf("no ledger has %s", key)
		}
	}
	for question, want := range map[string]string{
		"select count(*) from mart_reconciliation where difference_amount is distinct from 0":                      "[0]",
		"select sum(items_amount) from mart_reconciliation where side = 'customer' and is_aged":                    "[" + demoOpenAmount + "]",
		"select count(*) - count(distinct item_id || ' ' || entity_id) from fct_items":                             "[0]",
		"select list(n order by verdict) from (select verdict, count(*) as n from mart_match_review group by all)": "[[17, 1, 16]]",
		"select count(*) from dim_counterparties where is_person":                                                  "[19]",
		"select count(*) from mart_duplicates where rule = 'siren'":                                                "[3]",
		"select count(distinct entity_id) from mart_disputes where is_open":                                        "[2]",
		"select count(*) > 0, bool_or(legal_status = 'in procedure') from mart_legal_status where severity >= 8":   "[true true]",
		"select count(distinct event) from mart_legal_events":                                                      "[7]",
		"select count(*) from mart_legal_status where is_accounts_late":                                            "[2]",
		"select bool_and((counterparty_id is null) = (link_status = 'none')) from mart_crm_accounts":               "[true]",
		"select count(distinct link_method) from mart_crm_accounts":                                                "[2]",
		"select count(distinct cover_status) from mart_credit_insurance":                                           "[4]",
		"select count(distinct siren) from mart_company_accounts where sales_amount is not null":                   "[19]",
		"select count(*) from mart_bankruptcy_scores where is_latest and value is not null":                        "[32]",
		"select count(*) from mart_ratings":                                                                        "[106]",
		"select count(*) > 0 from mart_company_changes where source = 'sirene'":                                    "[true]",
		"select count(*) > 0 from mart_company_changes where source = 'bodacc'":                                    "[true]",
	} {
		if got := one(question); got != want {
			t.Errorf("%s\n%s, want %s", question, got, want)
		}
	}
	if rows := query(t, dir, "", unsourced); len(rows) > 0 {
		t.Errorf("attributes without a source: %v", rows)
	}
}

// unsourced are the attributes of counterparties whose value no source tells. Terms are
// left out: those of encours.yaml go before all sources.
const unsourced = `
	with told as (
		select
			entity_id, side, counterparty_id,
			unnest(['name', 'siren', 'siret', 'vat_number', 'country', 'postal_code', 'city', 'account_manager',
				'credit_limit', 'naf_code', 'legal_form', 'headcount_band', 'legal_status']) as attribute,
			unnest([counterparty_name, siren, siret, vat_number, country, postal_code, city, account_manager,
				credit_limit_amount::varchar, naf_code, legal_form, headcount_band, legal_status]) as value
		from dim_counterparties
	)
	select told.attribute, told.counterparty_id, told.value
	from told
	left join mart_counterparty_attributes as known
		on known.entity_id = told.entity_id and known.side = told.side
		and known.counterparty_id = told.counterparty_id and known.attribute = told.attribute
	where told.value is not null and known.value_source is null`

// ledgerCodes reads the customers and suppliers out of the extracts of a sample: of each
// line on an account 40 or 41 the auxiliary code, else the account.
func ledgerCodes(t *testing.T, dir string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "extracts", "*", "*.txt"))
	if err != nil || len(files) != 9 {
		t.Fatalf("ledgers %v (%v)", files, err)
	}
	codes := map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		entity := strings.ToUpper(filepath.Base(filepath.Dir(file)))
		for line := range strings.Lines(string(raw)) {
			fields := strings.Split(strings.ReplaceAll(line, "\t", "|"), "|")
			if len(fields) < 18 {
				continue
			}
			side := map[string]string{"40": "supplier", "41": "customer"}[fields[4][:min(2, len(fields[4]))]]
			code := fields[6]
			if code == "" {
				code = fields[4]
			}
			if side != "" {
				codes[entity+" "+side+" "+code] = true
			}
		}
	}
	return codes
}
