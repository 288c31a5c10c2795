package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/landing"
)

// twoCuts is a project with a year cut in January and in February, as in TestChanges:
// 300.00 became 445.00.
func twoCuts(t *testing.T) string {
	t.Helper()
	dir := newProject(t, "")
	january := header + invoice(1, "20241105", "C1", "F1", "100,00") + invoice(2, "20241106", "C1", "F2", "200,00")
	february := header + invoice(1, "20241105", "C1", "F1", "105,00") + invoice(3, "20241107", "C2", "F3", "340,00")
	for day, text := range map[string]string{"2025-01-10": january, "2025-02-10": february} {
		must(t, "ingest", "--project", dir, "--kind", "fec", "--extract-date", day, "--fiscal-year-start", "2024-01-01", writeFile(t, dir, day+".txt", text))
	}
	must(t, "build", "--project", dir)
	return dir
}

// answer is one answer of the server.
type answer struct {
	status  int
	refresh string
	body    string
}

func ask(t *testing.T, url string) answer {
	t.Helper()
	client := http.Client{Timeout: 60 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header.Get("Refresh"), string(body)}
}

// complete asks again, as the page does, until it no longer waits.
func complete(t *testing.T, url string) answer {
	t.Helper()
	for {
		got := ask(t, url)
		if got.refresh == "" {
			return got
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the page never ended")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// TestChangesOnThePage: the server builds what was known on another day while a writer
// holds the project, waits for it in words, and keeps serving its own generation; the
// figures and the file are those of the command.
func TestChangesOnThePage(t *testing.T) {
	dir := twoCuts(t)
	address := serveProcess(t, dir)
	if got := ask(t, address+"/changes?lang=en"); got.status != http.StatusOK || !strings.Contains(got.body, `value="2025-01-10" selected`) {
		t.Fatalf("status %d\n%s", got.status, got.body)
	}
	lock, err := landing.Acquire(filepath.Join(dir, "data"), "a test that writes", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	page := address + "/changes?lang=en&as_of=2024-12-31&from=2025-01-10"
	file := address + "/export/changes.csv?as_of=2024-12-31&from=2025-01-10"
	for got := ask(t, page); !strings.Contains(got.body, "a test that writes"); got = ask(t, page) {
		if got.refresh == "" {
			t.Fatalf("the page does not wait for the writer: status %d\n%s", got.status, got.body)
		}
	}
	if got := ask(t, file); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "being compared") && !strings.Contains(got.body, "en cours de comparaison") {
		t.Errorf("the file before its time: status %d\n%s", got.status, got.body)
	}
	if got := ask(t, address+"/ageing"); got.status != http.StatusOK {
		t.Errorf("another page meanwhile: status %d", got.status)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	got := complete(t, page)
	for _, want := range []string{"€445.00 − €300.00 = €145.00", "F3", "F2", "2025-01-10.txt", "2025-02-10.txt", "counts no more", "same reference and date"} {
		if !strings.Contains(strings.ReplaceAll(got.body, "&#43;", "+"), want) {
			t.Errorf("status %d: the page lacks %q", got.status, want)
		}
	}
	// where both days are built, nothing is written but below tmp: no writer is waited for
	if lock, err = landing.Acquire(filepath.Join(dir, "data"), "a test that writes", time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := complete(t, address+"/changes?lang=en&as_of=2024-11-05&from=2025-01-10"); !strings.Contains(got.body, "€105.00 − €100.00 = €5.00") {
		t.Errorf("beside a writer: status %d\n%s", got.status, got.body)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	fromPage := ask(t, file)
	fromCommand := must(t, "report", "changes", "--project", dir, "--from", "2025-01-10", "--as-of", "2024-12-31")
	if fromPage.body != fromCommand {
		t.Errorf("status %d: the file of the page is\n%s\nthat of the command\n%s", fromPage.status, fromPage.body, fromCommand)
	}
	if got := complete(t, address+"/changes?lang=en&as_of=2024-12-31&from=2025-01-10&to=2025-02-10"); !strings.Contains(got.body, "= €145.00") {
		t.Errorf("two side generations: status %d\n%s", got.status, got.body)
	}
	if got := ask(t, address+"/changes?lang=en&from=2025-01-11"); got.status != http.StatusBadRequest || !strings.Contains(got.body, "No extract became known") {
		t.Errorf("a day on which nothing became known: status %d\n%s", got.status, got.body)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "data", "tmp", "changes-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// TestChangesCannotBeBuilt: a failure is said on the page, and asking again tries again.
func TestChangesCannotBeBuilt(t *testing.T) {
	dir := twoCuts(t)
	address := serveProcess(t, dir)
	blocked := filepath.Join(dir, "data", "known_at")
	writeFile(t, filepath.Dir(blocked), "known_at", "not a folder")
	page := address + "/changes?lang=en&from=2025-01-10"
	if got := complete(t, page); !strings.Contains(got.body, "could not be made") || strings.Contains(got.body, dir) {
		t.Errorf("status %d\n%s", got.status, got.body)
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	if got := complete(t, page); !strings.Contains(got.body, "= €145.00") {
		t.Errorf("once more: status %d\n%s", got.status, got.body)
	}
}

// TestDisputeBetweenTwoDays: a dispute, and a due date in a file of invoices, that became
// known in between change no amount and are changes all the same, of the same lines.
func TestDisputeBetweenTwoDays(t *testing.T) {
	dir := twoCuts(t)
	writeFile(t, dir, "litiges.csv", "Reference;Invoice;Customer;Opened\nD1;F1;C1;2024-11-20\n")
	writeFile(t, dir, "factures.csv", "Invoice;Customer;Issued;Due;Amount\nF3;C2;2024-11-07;2025-01-31;340.00\n")
	path := filepath.Join(dir, "encours.yaml")
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "encours.yaml", string(old)+`sources:
  - name: litiges
    kind: table
    dataset: disputes
    entity: ACME
    extract_date: 2025-03-10
    paths: [ litiges.csv ]
    delimiter: ";"
    dates: YYYY-MM-DD
    columns:
      dispute_id: Reference
      document_id: Invoice
      counterparty_id: Customer
      opened_on: Opened
  - name: factures
    kind: table
    dataset: invoices
    entity: ACME
    extract_date: 2025-03-10
    paths: [ factures.csv ]
    delimiter: ";"
    decimal: "."
    dates: YYYY-MM-DD
    columns:
      side: { constant: customer }
      document_id: Invoice
      document_type: { constant: invoice }
      counterparty_id: Customer
      issue_date: Issued
      due_date: Due
      currency: { constant: EUR }
      amount: Amount
`)
	must(t, "ingest", "--project", dir)
	must(t, "build", "--project", dir)
	facts, rows := changed(t, "--project", dir, "--from", "2025-02-10", "--as-of", "2024-12-31")
	if len(rows) != 2 || facts["balances"] != "from=445.00 to=445.00 difference=0.00" {
		t.Errorf("facts %v\nrows %v", facts, rows)
	}
	for document, fields := range map[string]string{"F1": "dispute", "F3": "due_date"} {
		row := rows[document]
		if row["change"] != "changed" || row["changed_fields"] != fields || row["open_change_amount"] != "0.00" || row["matched_by"] != "line" {
			t.Errorf("%s: %v", document, row)
		}
	}
	if rows["F1"]["was_disputed"] != "false" || rows["F1"]["is_disputed"] != "true" || rows["F3"]["due_date"] != "2025-01-31" {
		t.Errorf("rows %v", rows)
	}
}
