package main

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const alertsYAML = `sources:
  - { name: customers, kind: table, entity: ACME, dataset: counterparties, paths: ["customers.csv"], columns: { side: { constant: customer }, counterparty_id: id, name: name, credit_limit: limit } }
  - { name: invoices, kind: table, entity: ACME, dataset: invoices, paths: ["invoices.csv"], columns: { side: { constant: customer }, document_id: id, counterparty_id: customer, document_type: { constant: invoice }, issue_date: issued, due_date: due, amount: amount } }
`

// alertsProject is a project in which C1 owes 1,500 with a limit of 1,000, and C2 an
// invoice of 700 that is 91 days late on 30 June 2025.
func alertsProject(t *testing.T) string {
	t.Helper()
	dir := newProject(t, alertsYAML)
	writeFile(t, dir, "customers.csv", "id,name,limit\nC1,Un,1000\nC2,Deux,\n")
	writeFile(t, dir, "invoices.csv", "id,customer,issued,due,amount\nF1,C1,2025-06-01,2025-12-31,1500.00\nF2,C2,2025-03-01,2025-03-31,700.00\nF3,C2,2025-06-20,2025-12-31,1.00\n")
	must(t, "ingest", "--project", dir)
	return dir
}

// alertRows lists alerts as rule, state, first seen, last seen, note and author.
func alertRows(t *testing.T, dir string, args ...string) (rows []string, keys map[string]string) {
	t.Helper()
	keys = map[string]string{}
	for i, r := range records(t, must(t, append([]string{"alerts", "--project", dir, "--format", "csv"}, args...)...)) {
		if i > 0 {
			rows = append(rows, strings.Join([]string{r[7], r[1], r[13], r[15], r[17], r[18]}, " "))
			keys[r[7]] = r[0]
		}
	}
	return rows, keys
}

func wantAlerts(t *testing.T, dir string, want string, args ...string) map[string]string {
	t.Helper()
	rows, keys := alertRows(t, dir, args...)
	if got := strings.Join(rows, "\n"); got != want {
		t.Errorf("alerts %v:\n%s\nwant\n%s", args, got, want)
	}
	return keys
}

// TestAlertsEndToEnd: an alert is raised once, keeps the day on which it was first seen,
// stays closed, ends, and is raised again under another key; what was only known once is
// no part of it.
func TestAlertsEndToEnd(t *testing.T) {
	dir := alertsProject(t)
	refuse(t, exitFailed, "nothing has been built yet", "alerts", "--project", dir)
	must(t, "build", "--project", dir, "--as-of", "2025-06-30")
	keys := wantAlerts(t, dir, "LIMIT_EXCEEDED new 2025-06-30 2025-06-30  \nNEW_90PLUS new 2025-06-30 2025-06-30  ")
	before := must(t, "report", "alerts", "--project", dir)
	must(t, "alerts", "close", keys["LIMIT_EXCEEDED"], "--project", dir, "--note", "agreed; \"été\"", "--by", "Anne")
	must(t, "alerts", "acknowledge", keys["NEW_90PLUS"], "--project", dir, "--note", "will call")
	wantAlerts(t, dir, "NEW_90PLUS acknowledged 2025-06-30 2025-06-30 will call ")
	if after := must(t, "report", "alerts", "--project", dir); after != before || !strings.Contains(before, keys["LIMIT_EXCEEDED"]) {
		t.Errorf("the report is another after something was done:\n%s\n%s", before, after)
	}

	must(t, "build", "--project", dir, "--as-of", "2025-07-01")
	again := wantAlerts(t, dir, "LIMIT_EXCEEDED closed 2025-06-30 2025-07-01 agreed; \"été\" Anne\nNEW_90PLUS acknowledged 2025-06-30 2025-07-01 will call ", "--state", "all")
	if again["LIMIT_EXCEEDED"] != keys["LIMIT_EXCEEDED"] {
		t.Errorf("the same alert has the keys %s and %s", keys["LIMIT_EXCEEDED"], again["LIMIT_EXCEEDED"])
	}

	// a higher limit that is exceeded all the same is something else; the invoice is paid
	writeFile(t, dir, "customers.csv", "id,name,limit\nC1,Un,1400\nC2,Deux,\n")
	writeFile(t, dir, "invoices.csv", "id,customer,issued,due,amount\nF1,C1,2025-06-01,2025-12-31,1500.00\nF3,C2,2025-06-20,2025-12-31,1.00\n")
	must(t, "ingest", "--project", dir)
	must(t, "build", "--project", dir, "--as-of", "2025-07-02")
	wantAlerts(t, dir, "LIMIT_EXCEEDED new 2025-07-02 2025-07-02  ")
	wantAlerts(t, dir, "LIMIT_EXCEEDED ended 2025-06-30 2025-07-01 agreed; \"été\" Anne\nNEW_90PLUS ended 2025-06-30 2025-07-01 will call ", "--state", "ended")
	wantAlerts(t, dir, "", "--severity", "9")
	wantAlerts(t, dir, "", "--side", "supplier")

	// what was known on one day is a matter of its own
	r := run(t, "build", "--project", dir, "--known-at", "2099-01-01", "--as-of", "2026-06-30")
	if r.code != exitDone {
		t.Fatalf("exit %d: %s", r.code, r.err)
	}
	must(t, "build", "--project", dir, "--as-of", "2025-07-03")
	wantAlerts(t, dir, "LIMIT_EXCEEDED open 2025-07-02 2025-07-03  ")

	table := must(t, "alerts", "--project", dir)
	json := must(t, "alerts", "--project", dir, "--format", "json", "--lang", "fr", "--state", "all")
	for text, want := range map[string]string{table: "1,400.00 EUR is exceeded since 1 June 2025", json: `"state": "ended"`, json + " ": "1\u00a0400,00\u00a0EUR"} {
		if !strings.Contains(strings.ReplaceAll(text, " EUR\"", "\u00a0EUR\""), strings.ReplaceAll(want, "\u00a0EUR", "")) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	refuse(t, exitFailed, `there is no alert "feed"`, "alerts", "close", "feed", "--project", dir)
	refuse(t, exitUsage, "one line", "alerts", "close", keys["LIMIT_EXCEEDED"], "--project", dir, "--note", "a\nb")
	refuse(t, exitUsage, `--rule "MOOD" is not known`, "alerts", "--project", dir, "--rule", "MOOD")
	refuse(t, exitUsage, `--state "lost" is not known`, "alerts", "--project", dir, "--state", "lost")
}

// TestAlertsOfABuildThatWasCutOff: what could not be recorded after the switch is recorded
// before the next build, so that nothing is lost that is over by then.
func TestAlertsOfABuildThatWasCutOff(t *testing.T) {
	dir := alertsProject(t)
	blocked := filepath.Join(dir, "data", "state.db")
	if err := os.MkdirAll(blocked, 0o755); err != nil { // nothing can be written there
		t.Fatal(err)
	}
	r := run(t, "build", "--project", dir, "--as-of", "2025-06-30")
	if r.code != exitDone || !strings.Contains(r.err, "the alerts could not be recorded") {
		t.Fatalf("exit %d:\n%s", r.code, r.err)
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "invoices.csv", "id,customer,issued,due,amount\nF1,C1,2025-06-01,2025-12-31,1500.00\n")
	must(t, "ingest", "--project", dir)
	must(t, "build", "--project", dir, "--as-of", "2025-07-01")
	wantAlerts(t, dir, "LIMIT_EXCEEDED open 2025-06-30 2025-07-01  \nNEW_90PLUS ended 2025-06-30 2025-06-30  ", "--state", "all")
}

// TestAlertsOfThePage: what a reader does on the page is what the command tells.
func TestAlertsOfThePage(t *testing.T) {
	dir := alertsProject(t)
	must(t, "build", "--project", dir, "--as-of", "2025-06-30")
	address := serveProcess(t, dir)
	body, err := get(address + "/alerts?lang=en")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`name="key" value="([0-9a-f]{16})"`).FindStringSubmatch(body)
	if key == nil || !strings.Contains(body, "€1,000.00 → €1,500.00") || !strings.Contains(body, `title="2 new"`) {
		t.Fatalf("the alerts are not all there:\n%s", body)
	}
	response, err := http.PostForm(address+"/alerts/mark", url.Values{
		"key": key[1:], "state": {"acknowledged"}, "note": {"rappeler, été"}, "author": {"Anne"}, "back": {"/alerts"},
	})
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK || !strings.Contains(string(page), `role="status"`) || !strings.Contains(string(page), "rappeler, été") {
		t.Fatalf("status %d:\n%s", response.StatusCode, page)
	}
	wantAlerts(t, dir, "LIMIT_EXCEEDED acknowledged 2025-06-30 2025-06-30 rappeler, été Anne\nNEW_90PLUS new 2025-06-30 2025-06-30  ")
	if csv, err := get(address + "/export/alerts.csv?rule=NEW_90PLUS"); err != nil || !strings.Contains(csv, "F2 2025-03-31") || strings.Contains(csv, "LIMIT_EXCEEDED") {
		t.Errorf("export: %v\n%s", err, csv)
	}
}
