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
	must(t, "build", "--project", dir)
	expect(t, query(t, dir, "", "select count(*), sum(amount) from fct_items where item_type = 'invoice'"), "2466 147703.18")
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

const ownMapping = `    dataset: invoices
    paths: ["in/*.csv"]
    columns:
      side: { constant: customer }
      document_id: No
      counterparty_id: Customer
      document_type: { column: Type, values: { RV: invoice, RG: credit_note } }
      issue_date: Date
      amount: Amount
    keep: [Region]
`

func putExtract(t testing.TB, dir, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "in"), name, text)
}

const ownHead = "No;Customer;Type;Date;Amount;Region\n"

// TestTableIsLanded: rows and rejects of a mapped table, with the columns that are
// kept beside the row, and a build over them.
func TestTableIsLanded(t *testing.T) {
	dir := tableProject(t, ownMapping)
	putExtract(t, dir, "a.csv", ownHead+"F1;000123;RV;23/01/2024;1 200,50;Nord\nF2;C2;XX;24/01/2024;1,00;Sud\nF3;C3;RG;24/01/2024;-5,00;Sud\n")
	r := run(t, "ingest", "--project", dir)
	for _, want := range []string{"a.csv: 2 lines loaded, 1 rejected; entity ACME, invoices", `dates of "Date" are read as DD/MM/YYYY, as line 2: "23/01/2024" shows`, "decimal comma"} {
		if r.code != exitRejects || !strings.Contains(r.err, want) {
			t.Errorf("exit %d, want %q\n%s", r.code, want, r.err)
		}
	}
	if out := must(t, "rejects", "--project", dir); !strings.Contains(out, "a.csv:3") || !strings.Contains(out, `document_type: "XX" is not among the values of the mapping`) {
		t.Errorf("rejects: %s", out)
	}
	expect(t, landed(t, dir, "invoices", "select string_agg(source_line || ' ' || counterparty_id || ' ' || amount || ' ' || document_type || ' ' || instalment || ' ' || extra['Region'] || ' ' || source_file, '; ' order by source_line) from rows"),
		"2 000123 1200.50 invoice 1 Nord a.csv; 4 C3 -5.00 credit_note 1 Sud a.csv")
}

// TestTableMappingCounts: the same bytes are loaded again by another mapping, and by
// the first one again once that was changed back.
func TestTableMappingCounts(t *testing.T) {
	dir := tableProject(t, ownMapping)
	putExtract(t, dir, "a.csv", ownHead+"F1;C1;RV;23/01/2024;1,00;Nord\n")
	file := filepath.Join(dir, "encours.yaml")
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(first), "amount: Amount", "amount: { column: Amount, negate: true }", 1)
	for i, step := range []struct {
		yaml, want string
	}{{string(first), "1 lines loaded"}, {string(first), "nothing to do"}, {other, "1 lines loaded"}, {other, "nothing to do"}, {string(first), "1 lines loaded"}} {
		writeFile(t, dir, "encours.yaml", step.yaml)
		if r := run(t, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, step.want) {
			t.Errorf("step %d: exit %d, want %q\n%s", i, r.code, step.want, r.err)
		}
	}
}

// TestTableOfSeveralFiles: with mode full each file takes the place of the one
// before, and that is said.
func TestTableOfSeveralFiles(t *testing.T) {
	dir := tableProject(t, ownMapping)
	putExtract(t, dir, "a.csv", ownHead+"F1;C1;RV;23/01/2024;1,00;Nord\n")
	putExtract(t, dir, "b.csv", ownHead+"F1;C1;RV;23/01/2024;2,00;Nord\n")
	if r := run(t, "ingest", "--project", dir); !strings.Contains(r.err, "b.csv: it takes the place of a.csv, as the source has mode full") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
}

func TestTableMistakes(t *testing.T) {
	dir := tableProject(t, "    preset: nothing\n    paths: [\"*.csv\"]\n")
	refuse(t, exitFailed, "encours.yaml:7:5: sources[0].preset: there is no preset \"nothing\"; the presets are: credit-insurance, dolibarr", "ingest", "--project", dir)
	dir = tableProject(t, ownMapping)
	putExtract(t, dir, "a.csv", "No;Client;Type;Date;Amount;Region\nF1;C1;RV;23/01/2024;1,00;Nord\n")
	refuse(t, exitFailed, `it lacks columns that the mapping names: "Customer". Its columns are: "No", "Client"`, "ingest", "--project", dir)
	putExtract(t, dir, "a.csv", ownHead+"F1;C1;XX;23/01/2024;1,00;Nord\n")
	refuse(t, exitFailed, "none of its 1 records can be read; the first: a.csv:2: Type:", "ingest", "--project", dir)
	nothingLanded(t, dir)
	dir = newProject(t, "sources:\n  - name: p\n    kind: table\n    entity: ACME\n    dataset: payments\n    paths: [\"*.csv\"]\n    columns:\n"+
		"      side: { constant: customer }\n      payment_id: No\n      counterparty_id: Client\n      payment_date: Date\n      amount: Amount\n      method: How\n")
	writeFile(t, dir, "p.csv", "No;Client;Date;Amount;How\nP1;C1;2024-01-23;1.00;transfer\nP2;C1;2024-01-23;1.00;VIR\nP3;C1;2024-01-23;1.00;\n")
	if r := run(t, "ingest", "--project", dir); r.code != exitRejects || !strings.Contains(r.err, "2 lines loaded, 1 rejected") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	if out := must(t, "rejects", "--project", dir, "--format", "csv"); !strings.Contains(out, "3,How,VIR,value.unknown") ||
		!strings.Contains(out, "is none of transfer, cheque, direct debit, card, bill, cash, other") {
		t.Errorf("rejects:\n%s", out)
	}
}

// TestPackedTables: compressed tables are proposed for, loaded once, and refused where
// an archive holds several.
func TestPackedTables(t *testing.T) {
	const text = "N° facture;Code client;Date facture;Montant TTC\nF1;000123;23/01/2024;1 200,50\n"
	from := writeFile(t, t.TempDir(), "Balance.csv.gz", string(compressed(t, []byte(text))))
	if printed := must(t, "init", "--from", from); !strings.Contains(printed, `name: "Balance"`) || !strings.Contains(printed, `document_id: "N° facture"`) {
		t.Errorf("proposal:\n%s", printed)
	}
	dir := tableProject(t, ownMapping)
	own := ownHead + "F1;C1;RV;23/01/2024;1,00;Nord\n"
	putExtract(t, dir, "a.csv", string(zipped(t, "notice.pdf", []byte("%PDF"), "a.csv", []byte(own))))
	r := run(t, "ingest", "--project", dir)
	if r.code != exitDone || !strings.Contains(r.err, "1 lines loaded, 0 rejected") || !strings.Contains(r.err, "notice.pdf") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	if r := run(t, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "nothing to do") {
		t.Errorf("the same archive again: exit %d\n%s", r.code, r.err)
	}
	putExtract(t, dir, "a.csv", string(zipped(t, "a.csv", []byte(own), "b.csv", []byte(own))))
	refuse(t, exitFailed, `which of them is the table cannot be told: "a.csv", "b.csv"`, "ingest", "--project", dir)
}

// TestInitFrom: the proposal is printed, or stands as comments in a new project, and
// once uncommented it loads the file that it was made from.
func TestInitFrom(t *testing.T) {
	from := writeFile(t, t.TempDir(), "Balance clients.csv", "N° facture;Code client;Date facture;Montant TTC\nF1;000123;23/01/2024;1 200,50\n")
	printed := must(t, "init", "--from", from)
	for _, want := range []string{`document_id: "N° facture"  # 9`, "such as F1", `name: "Balance-clients"`, "dataset: invoices"} {
		if !strings.Contains(printed, want) {
			t.Errorf("%s\nlacks %q", printed, want)
		}
	}
	dir := filepath.Join(t.TempDir(), "new")
	must(t, "init", dir, "--entity", "ACME", "--from", from, "--dataset", "invoices")
	file := filepath.Join(dir, "encours.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, proposal, ok := strings.Cut(string(text), "\n# # Proposed from")
	if !ok {
		t.Fatalf("no proposal in\n%s", text)
	}
	var live strings.Builder
	for line := range strings.Lines("# # Proposed from" + proposal) {
		live.WriteString(strings.TrimPrefix(line, "# "))
	}
	writeFile(t, dir, "encours.yaml", head+"\n"+live.String())
	if r := run(t, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "1 lines loaded, 0 rejected") {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.err, live.String())
	}
	expect(t, landed(t, dir, "invoices", "select document_id, counterparty_id, issue_date, amount, document_type from rows"), "F1 000123 2024-01-23 1200.50 invoice")
	refuse(t, exitUsage, "--dataset \"colours\" is not known", "init", "--from", from, "--dataset", "colours")
	refuse(t, exitUsage, "--dataset goes with --from", "init", dir, "--entity", "A", "--dataset", "invoices")
}
