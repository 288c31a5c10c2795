package modeltest

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

const (
	everyCase     = "../../sql/testdata/every_case"
	everyCaseAsOf = "2025-03-31"
)

// paymentCases are the kinds of settlement that every mart is checked for: the ledgers
// of the cases of mart_ageing with these names.
var paymentCases = []string{
	"partial_payment", "over_payment", "credit_note_before_the_invoice", "credit_note_after_the_invoice",
	"payment_before_the_invoice", "one_payment_on_five_invoices", "five_payments_on_one_invoice", "refund",
	"bounced_payment", "instalments", "write_off", "transfer_411_413_416", "two_currencies",
}

// TestEveryCaseInEveryMart: each kind of settlement is an entity of its own, so that
// each row of a mart has one case to be checked by hand against. sql/testdata/every_case
// has a file per mart: lines of explanation that begin with #, one of them may be
// "# where: condition", then the columns and rows that are wanted.
func TestEveryCaseInEveryMart(t *testing.T) {
	w := Open(t, Case{Params: map[string]string{"as_of": everyCaseAsOf}, Tables: map[string]string{"ledger_entries": everyLedger(t)}})
	var without []string
	for _, m := range w.Models.Models {
		if !strings.HasPrefix(m.Name, "mart_") && !strings.HasPrefix(m.Name, "fct_") {
			continue
		}
		file := filepath.Join(everyCase, m.Name+".csv")
		text, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			without = append(without, m.Name)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Run(m.Name, func(t *testing.T) { checkEveryCase(t, w, m.Name, file, string(text)) })
	}
	if len(without) > 0 {
		t.Errorf("no file in sql/testdata/every_case for: %s", strings.Join(without, " "))
	}
}

func checkEveryCase(t *testing.T, w *Warehouse, mart, file, text string) {
	var about, want strings.Builder
	where := ""
	for line := range strings.Lines(text) {
		if condition, ok := strings.CutPrefix(line, "# where:"); ok {
			where = " where " + strings.TrimSpace(condition)
		}
		if strings.HasPrefix(line, "#") {
			about.WriteString(line)
			continue
		}
		want.WriteString(line)
	}
	header, _, _ := strings.Cut(strings.TrimSpace(want.String()), "\n")
	got := w.Text(t, "select "+header+" from "+mart+where)
	if *update {
		if err := os.WriteFile(file, []byte(about.String()+got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want.String() {
		t.Errorf("%s gives\n%s\nwant\n%s", mart, got, want.String())
	}
}

// everyLedger puts the ledgers of the cases together, an entity each.
func everyLedger(t *testing.T) string {
	t.Helper()
	header := []string{"entity_id"}
	var rows []map[string]string
	for _, name := range paymentCases {
		archive, err := txtar.ParseFile("../../sql/testdata/mart_ageing/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		ledger, err := fs.ReadFile(archiveFS(t, archive), "ledger_entries.csv")
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(strings.NewReader(string(ledger))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records[1:] {
			row := map[string]string{"entity_id": name}
			for i, column := range records[0] {
				if row[column] = record[i]; !slices.Contains(header, column) {
					header = append(header, column)
				}
			}
			rows = append(rows, row)
		}
	}
	var out strings.Builder
	writer := csv.NewWriter(&out)
	all := [][]string{header}
	for _, row := range rows {
		record := make([]string, len(header))
		for i, column := range header {
			record[i] = row[column]
		}
		all = append(all, record)
	}
	if err := writer.WriteAll(all); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func archiveFS(t *testing.T, archive *txtar.Archive) fs.FS {
	t.Helper()
	files, err := txtar.FS(archive)
	if err != nil {
		t.Fatal(err)
	}
	return files
}
