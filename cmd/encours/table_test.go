package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/encours/encours/warehouse/duck"
)

// landed asks the batches of a dataset, all of them together, as the relation rows.
func landed(t testing.TB, dir, dataset, statement string) [][]string {
	t.Helper()
	db, err := duck.Open(t.Context(), "", duck.Limits{MemoryBytes: 512 << 20, Threads: 2, TempDir: t.TempDir(), TempBytes: 1 << 30}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	out := filepath.Join(t.TempDir(), "out.csv")
	files := duck.Text(filepath.Join(dir, "data", "landing", dataset, "*.parquet"))
	if _, err := db.ExecContext(t.Context(), "copy (with rows as (select * from read_parquet("+files+")) "+statement+") to "+duck.Text(out)+" (header false)"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// expect compares the only row of a question.
func expect(t *testing.T, got [][]string, want string) {
	t.Helper()
	if len(got) != 1 || strings.Join(got[0], " ") != want {
		t.Errorf("got %v, want %q", got, want)
	}
}

func tableProject(t testing.TB, source string) string {
	t.Helper()
	return newProject(t, "sources:\n  - name: items\n    kind: table\n    entity: ACME\n"+source)
}

// TestRealReceivables: the IBM sample by its preset, with dates read day-first.
func TestRealReceivables(t *testing.T) {
	path := sharedData(t, "ar/ibm_accounts_receivable.csv")
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	source := "    preset: ibm-receivables\n    paths: [" + absolute + "]\n"
	dir := tableProject(t, source)
	if r := run(t, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "2466 lines loaded, 0 rejected; entity ACME, invoices") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	expect(t, landed(t, dir, "invoices", `select count(*), sum(amount), count(*) filter (settled_date > due_date),
		min(issue_date), max(settled_date), count(distinct counterparty_id), count(*) filter (is_disputed) from rows`),
		"2466 147703.18 877 2012-01-03 2014-01-09 100 561")
	if r := run(t, "ingest", "--project", dir); !strings.Contains(r.err, "nothing to do") {
		t.Errorf("the same file again: %s", r.err)
	}
	declared := tableProject(t, source+"    dates: MM/DD/YYYY\n")
	refuse(t, exitFailed, `ibm_accounts_receivable.csv:2 is refused: SettledDate: "23/01/2012" cannot be a date written MM/DD/YYYY`,
		"ingest", "--project", declared)
	nothingLanded(t, declared)
}

// TestRealOpenItems: the list of open items by its preset: the nameless column is
// ignored, customer numbers stay text, and roundings are counted.
func TestRealOpenItems(t *testing.T) {
	absolute, err := filepath.Abs(sharedData(t, "ar/highradius_open_invoices.csv"))
	if err != nil {
		t.Fatal(err)
	}
	dir := tableProject(t, "    preset: sap-open-items\n    paths: ["+absolute+"]\n")
	r := run(t, "ingest", "--project", dir)
	for _, want := range []string{"9681 lines loaded, 0 rejected", "amount: 576 values have more than 2 decimals and were rounded half away from zero, by +0.366 in all"} {
		if r.code != exitDone || !strings.Contains(r.err, want) {
			t.Fatalf("exit %d, want %q\n%s", r.code, want, r.err)
		}
	}
	expect(t, landed(t, dir, "invoices", `select count(*), sum(amount), min(length(counterparty_id)), max(length(counterparty_id)),
		typeof(min(counterparty_id)) from rows`), "9681 310427859.34 6 9 VARCHAR")
}
