package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGroupCurrency: with a method, a missing rate stops the build and is named with
// currency and date; with the rate the balance of the entity is translated.
func TestGroupCurrency(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("encours.yaml", `version: 1
currency: { code: EUR, method: closing }
entities:
  - { id: CHUR, currency: CHF }
sources:
  - { name: sold, kind: table, entity: CHUR, paths: [invoices.csv], dataset: invoices, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { side: { constant: customer }, document_type: { constant: invoice }, document_id: n, counterparty_id: c, issue_date: d, amount: a } }
  - { name: ordered, kind: table, entity: CHUR, paths: [orders.csv], dataset: orders, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { order_id: n, counterparty_id: c, order_date: d, open_amount: a, currency: u } }
  - { name: ecb, kind: table, entity: CHUR, paths: ["rates*.csv"], dataset: exchange_rates, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { currency: u, base_currency: b, rate_date: d, rate: r } }
`)
	write("invoices.csv", "n,c,d,a\nF1,C1,2025-03-31,900\n")
	write("orders.csv", "n,c,d,a,u\nO1,C1,2025-03-30,100,USD\n")
	write("rates.csv", "u,b,d,r\nCHF,EUR,2025-03-20,0.90\n")
	must(t, "--project", dir, "ingest")
	r := run(t, "--project", dir, "build")
	if r.code != exitChecksFailed {
		t.Fatalf("exit %d, want %d\n%s", r.code, exitChecksFailed, r.err)
	}
	for _, want := range []string{"group_rates_are_known", "currency CHF", "orders_have_rates", "currency USD", "missing_date 2025-03-31"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("the build does not name %q:\n%s", want, r.err)
		}
	}
	write("rates2.csv", "u,b,d,r\nCHF,EUR,2025-03-28,0.90\nUSD,EUR,2025-03-28,1.20\n")
	must(t, "--project", dir, "ingest")
	must(t, "--project", dir, "build")
	got := must(t, "--project", dir, "query", "--format", "csv",
		"select group_amount, orders_amount, exposure_amount from mart_group_currencies cross join mart_exposure")
	// 900 / 0.90; 100 USD at 1.20 = 83.33 EUR = 75.00 CHF
	if !strings.Contains(got, "1000.00,75.00,975.00") {
		t.Errorf("got\n%s", got)
	}
	if out := must(t, "--project", dir, "report", "group-currencies"); !strings.Contains(out, "1000.00") {
		t.Errorf("the report lacks the amount:\n%s", out)
	}
}
