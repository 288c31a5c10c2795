package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestStatementInSeveralCurrencies: the total of a statement is in the currency of
// the entity, and the documents are added up per currency beside it.
func TestStatementInSeveralCurrencies(t *testing.T) {
	dir := newProject(t, "")
	inUSD := func(entry, amount string) string {
		return strings.Replace(entry, "\t20240105\t\t\n", "\t20240105\t"+amount+"\tUSD\n", 1)
	}
	lines := invoice(1, "20240105", "C1", "F1", "1000,00") +
		inUSD(invoice(2, "20240105", "C1", "F2", "800,00"), "880,00") +
		inUSD(invoice(3, "20240105", "C1", "F3", "400,00"), "444,00") +
		invoice(4, "20240105", "C2", "F4", "70,00")
	must(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", writeFile(t, dir, "111111111FEC20241231.txt", header+lines))
	must(t, "build", "--project", dir)
	path := filepath.Join(dir, "statement.pdf")
	for code, want := range map[string][]string{
		// 1,000 + 800 + 400 in EUR; 880 + 444 in USD, booked at 1,200 EUR
		"C1": {"Total €2,200.00", "EUR 1 €1,000.00 €1,000.00", "USD 2 $1,324.00 €1,200.00"},
		"C2": {"Total €70.00"},
	} {
		must(t, "report", "statement", "--project", dir, "--entity", "ACME", "--counterparty", code, "--lang", "en", "-o", path)
		text := strings.Join(strings.Fields(pdfText(t, path)), " ")
		for _, words := range want {
			if !strings.Contains(text, words) {
				t.Errorf("%s: no %q in\n%s", code, words, text)
			}
		}
		if several := strings.Contains(text, "USD"); several != (code == "C1") {
			t.Errorf("%s: currencies are told: %v\n%s", code, several, text)
		}
	}
	rows := must(t, "report", "statement", "--project", dir, "--entity", "ACME", "--counterparty", "C1", "--format", "csv")
	for _, want := range []string{"# sums: open_amount=2200.00", ",800.00,800.00,USD,880.00,"} {
		if !strings.Contains(rows, want) {
			t.Errorf("no %q in\n%s", want, rows)
		}
	}
}
