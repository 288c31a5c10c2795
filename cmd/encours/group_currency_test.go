package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGroupHoldsOtherCurrencies: with a method the figures of the group hold an entity
// in another currency and their proof holds; what leaves it out says so, and a date
// without a rate is an error that names currency and date.
func TestGroupHoldsOtherCurrencies(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const project = `version: 1
currency: %s
intercompany: [{ counterparties: ["IC*"] }]
entities:
  - { id: PARIS }
  - { id: CHUR, currency: CHF }
sources:
  - { name: paris, kind: table, entity: PARIS, paths: [paris.csv], dataset: invoices, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { side: { constant: customer }, document_type: { constant: invoice }, document_id: n, counterparty_id: c, issue_date: d, amount: a } }
  - { name: chur, kind: table, entity: CHUR, paths: [chur.csv], dataset: invoices, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { side: { constant: customer }, document_type: { constant: invoice }, document_id: n, counterparty_id: c, issue_date: d, amount: a } }
  - { name: ordered, kind: table, entity: PARIS, paths: [orders.csv], dataset: orders, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { order_id: n, counterparty_id: c, order_date: d, open_amount: a, currency: u } }
  - { name: ecb, kind: table, entity: CHUR, paths: [rates.csv], dataset: exchange_rates, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { currency: u, base_currency: b, rate_date: d, rate: r } }
`
	write("encours.yaml", strings.Replace(project, "%s", "{ code: EUR, method: closing }", 1))
	write("paris.csv", "n,c,d,a\nP1,C1,2025-03-10,500\nP2,IC-CHUR,2025-03-10,70\n")
	write("chur.csv", "n,c,d,a\nF1,C1,2025-03-12,900\n")
	write("orders.csv", "n,c,d,a,u\nO1,C9,2025-02-20,120,USD\n")
	write("rates.csv", "u,b,d,r\nCHF,EUR,2025-03-10,0.96\nCHF,EUR,2025-03-28,0.90\nUSD,EUR,2025-03-28,1.20\n")
	must(t, "--project", dir, "ingest")
	must(t, "--project", dir, "build", "--as-of", "2025-03-31")

	query := func(asOf, text string) string {
		t.Helper()
		return must(t, "--project", dir, "query", "--as-of", asOf, "--format", "csv", text)
	}
	// 900 at 0.90 = 1,000; sold at 0.96 = 937.50
	for asOf, want := range map[string]string{"2025-03-31": "1500.00,70.00", "2025-03-14": "1437.50,70.00"} {
		if got := query(asOf, "select sum(open_amount), sum(intercompany_amount) from mart_group_ageing"); !strings.Contains(got, want) {
			t.Errorf("at %s the group owes %q, want %s", asOf, got, want)
		}
	}
	if got := query("2025-03-31", "select sales_amount, receivable_amount from mart_group_kpis_monthly"); !strings.Contains(got, "1437.50,1500.00") {
		t.Errorf("the key figures are %s", got)
	}
	if got := must(t, "--project", dir, "report", "kpis", "--format", "json"); !strings.Contains(got, "CHUR (CHF): closing") {
		t.Errorf("the key figures do not say what they translate:\n%s", got)
	}
	if got := must(t, "--project", dir, "report", "concentration", "--format", "json"); !strings.Contains(got, "CHUR (CHF): their amounts are in another currency") {
		t.Errorf("the concentration does not say what it leaves out:\n%s", got)
	}
	if got := must(t, "--project", dir, "report", "exposure", "--format", "json"); strings.Contains(got, "IC-CHUR") || !strings.Contains(got, `"intercompany_left_out":"70.00"`) {
		t.Errorf("the exposure of the group holds intercompany, or does not say what it leaves out:\n%s", got)
	}

	// the rate of 28 March ends with 4 April
	r := run(t, "--project", dir, "report", "kpis", "--as-of", "2025-04-30")
	for _, want := range []string{"CHF", "EUR", "2025-04-30", "CHUR"} {
		if r.code == 0 || !strings.Contains(r.err, want) {
			t.Errorf("without a rate: exit %d, the message lacks %q: %s", r.code, want, r.err)
		}
	}
	if got := query("2025-04-30", "select count(*) as n from mart_group_ageing"); !strings.HasSuffix(strings.TrimSpace(got), "\n0") {
		t.Errorf("without a rate the ageing of the group has rows: %s", got)
	}
	if got := must(t, "--project", dir, "report", "exposure", "--as-of", "2025-03-20", "--entity", "PARIS"); !strings.Contains(got, "USD") {
		t.Errorf("an order without a rate is not said:\n%s", got)
	}

	write("encours.yaml", strings.Replace(project, "%s", "EUR", 1))
	must(t, "--project", dir, "build", "--as-of", "2025-03-31")
	if got := must(t, "--project", dir, "report", "kpis", "--format", "json"); !strings.Contains(got, "CHUR (CHF): encours.yaml gives no currency.method") {
		t.Errorf("without a method the key figures do not say what they leave out:\n%s", got)
	}
}
