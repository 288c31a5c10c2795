package main

import (
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const alertsYAML = `sources:
  - { name: customers, kind: table, entity: ACME, dataset: counterparties, paths: ["customers.csv"], columns: { side: { constant: customer }, counterparty_id: id, name: name, credit_limit: limit } }
  - { name: invoices, kind: table, entity: ACME, dataset: invoices, paths: ["invoices.csv"], columns: { side: { constant: customer }, document_id: id, counterparty_id: customer, document_type: { constant: invoice }, issue_date: issued, due_date: due, amount: amount } }
`

// alertsProject is a project in which C1 owes 1,500 with a limit of 1,000, C2 an invoice
// of 700 that is 91 days late on 30 June 2025, and C3 100 with a limit of 10.
func alertsProject(t *testing.T) string {
	t.Helper()
	dir := newProject(t, alertsYAML)
	writeFile(t, dir, "customers.csv", "id,name,limit\nC1,Un,1000\nC2,Deux,\nC3,Trois,10\n")
	writeFile(t, dir, "invoices.csv", "id,customer,issued,due,amount\nF1,C1,2025-06-01,2025-12-31,1500.00\nF2,C2,2025-03-01,2025-03-31,700.00\n"+
		"F3,C2,2025-06-20,2025-12-31,1.00\nF4,C3,2025-06-20,2025-12-31,100.00\n")
	must(t, "ingest", "--project", dir)
	return dir
}

// wantAlerts compares the alerts as customer, rule, state, first seen, last seen, note and
// author, and returns their keys by customer.
func wantAlerts(t *testing.T, dir string, want []string, args ...string) map[string]string {
	t.Helper()
	keys, got := map[string]string{}, []string{}
	for i, r := range records(t, must(t, append([]string{"alerts", "--project", dir, "--format", "csv"}, args...)...)) {
		if i > 0 {
			got = append(got, strings.TrimSpace(strings.Join([]string{r[5], r[7], r[1], r[13], r[15], r[17], r[18]}, " ")))
			keys[r[5]] = r[0]
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("alerts %v:\n%s\nwant\n%s", args, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return keys
}

// holdState keeps others from writing into the state file until it is let go.
func holdState(t *testing.T, dir string) (letGo func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "data", "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "begin immediate"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAlertsEndToEnd: an alert is raised once, keeps the day on which it was first seen,
// stays closed, ends, and is raised again under another key. What could not be recorded
// after a switch is recorded before the next build, and a build of what was known on one
// day is left out.
func TestAlertsEndToEnd(t *testing.T) {
	dir := alertsProject(t)
	refuse(t, exitFailed, "nothing has been built yet", "alerts", "--project", dir)
	must(t, "build", "--project", dir, "--as-of", "2025-06-30")
	keys := wantAlerts(t, dir, []string{
		"C1 LIMIT_EXCEEDED new 2025-06-30 2025-06-30", "C3 LIMIT_EXCEEDED new 2025-06-30 2025-06-30", "C2 NEW_90PLUS new 2025-06-30 2025-06-30",
	})
	before := must(t, "report", "alerts", "--project", dir)
	actOnThePage(t, dir, keys["C2"])
	must(t, "alerts", "close", keys["C3"], "--project", dir, "--note", "agreed; \"été\"", "--by", "Anne")
	must(t, "alerts", "close", keys["C1"], "--project", dir)
	must(t, "alerts", "reopen", keys["C1"], "--project", dir)
	wantAlerts(t, dir, []string{
		"C1 LIMIT_EXCEEDED open 2025-06-30 2025-06-30", "C2 NEW_90PLUS acknowledged 2025-06-30 2025-06-30 rappeler, été Zoé",
	})
	if after := must(t, "report", "alerts", "--project", dir); after != before || !strings.Contains(before, keys["C1"]) {
		t.Errorf("the report is another after something was done:\n%s\n%s", before, after)
	}
	refusedAlerts(t, dir, keys["C1"])

	// the switch of 1 July happens, its recording does not
	letGo := holdState(t, dir)
	if r := run(t, "build", "--project", dir, "--as-of", "2025-07-01"); r.code != exitDone || !strings.Contains(r.err, "the alerts could not be recorded") {
		t.Fatalf("exit %d:\n%s", r.code, r.err)
	}
	letGo()

	// a higher limit that is exceeded all the same is something else; the invoice is paid
	writeFile(t, dir, "customers.csv", "id,name,limit\nC1,Un,1400\nC2,Deux,\nC3,Trois,10\n")
	writeFile(t, dir, "invoices.csv", "id,customer,issued,due,amount\nF1,C1,2025-06-01,2025-12-31,1500.00\nF3,C2,2025-06-20,2025-12-31,1.00\nF4,C3,2025-06-20,2025-12-31,100.00\n")
	must(t, "ingest", "--project", dir)
	must(t, "build", "--project", dir, "--as-of", "2025-07-02")
	all := []string{
		"C1 LIMIT_EXCEEDED ended 2025-06-30 2025-07-01", "C1 LIMIT_EXCEEDED new 2025-07-02 2025-07-02",
		"C3 LIMIT_EXCEEDED closed 2025-06-30 2025-07-02 agreed; \"été\" Anne",
		"C2 NEW_90PLUS ended 2025-06-30 2025-07-01 rappeler, été Zoé",
	}
	if again := wantAlerts(t, dir, all, "--state", "all"); again["C3"] != keys["C3"] || again["C1"] == keys["C1"] {
		t.Errorf("keys %v, then %v", keys, again)
	}
	wantAlerts(t, dir, all[1:2])
	for name, args := range map[string][]string{
		"1,400.00 EUR is exceeded since 1 June 2025": {}, `"state": "ended"`: {"--format", "json", "--state", "all"}, "est dépassée depuis le 01/06/2025": {"--lang", "fr"},
	} {
		if text := must(t, append([]string{"alerts", "--project", dir}, args...)...); !strings.Contains(text, name) {
			t.Errorf("alerts %v: no %q in\n%s", args, name, text)
		}
	}

	// a year later C2 has an old invoice more, but this is a build of what was known on a day
	must(t, "build", "--project", dir, "--known-at", "2099-01-01", "--as-of", "2026-04-15")
	wantAlerts(t, dir, all[1:2], "--rule", "LIMIT_EXCEEDED")
}

func refusedAlerts(t *testing.T, dir, key string) {
	t.Helper()
	refuse(t, exitFailed, `there is no alert "feed"`, "alerts", "close", "feed", "--project", dir)
	refuse(t, exitUsage, "one line", "alerts", "close", key, "--project", dir, "--note", "a\nb")
	refuse(t, exitUsage, `--rule "MOOD" is not known`, "alerts", "--project", dir, "--rule", "MOOD")
	refuse(t, exitUsage, `--state "lost" is not known`, "alerts", "--project", dir, "--state", "lost")
	refuse(t, exitUsage, "1 to 10", "alerts", "--project", dir, "--severity", "11")
	wantAlerts(t, dir, []string{}, "--severity", "9")
	wantAlerts(t, dir, []string{}, "--side", "supplier")
}

// actOnThePage acknowledges an alert by the form of the page.
func actOnThePage(t *testing.T, dir, key string) {
	t.Helper()
	address := serveProcess(t, dir)
	body, err := get(address + "/alerts?lang=en")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`name="key" value="` + key + `"`, "€1,000.00 → €1,500.00"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	response, err := http.PostForm(address+"/alerts/mark", url.Values{
		"key": {key}, "state": {"acknowledged"}, "note": {"rappeler, été"}, "author": {"Zoé"}, "back": {"/alerts"},
	})
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK || !strings.Contains(string(page), `role="status"`) || !strings.Contains(string(page), "rappeler, été") {
		t.Errorf("status %d:\n%s", response.StatusCode, page)
	}
	if csv, err := get(address + "/export/alerts.csv?rule=NEW_90PLUS"); err != nil || !strings.Contains(csv, "F2 2025-03-31") || strings.Contains(csv, "LIMIT_EXCEEDED") {
		t.Errorf("export: %v\n%s", err, csv)
	}
}
