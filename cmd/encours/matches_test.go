package main

import (
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

const matchYAML = `sources:
  - { name: customers, kind: table, entity: ACME, dataset: counterparties, paths: ["customers*.csv"], columns: { side: { constant: customer }, counterparty_id: id, name: name, postal_code: zip, city: city } }
  - { name: invoices, kind: table, entity: ACME, dataset: invoices, paths: ["invoices*.csv"], columns: { side: { constant: customer }, document_id: id, counterparty_id: customer, document_type: { constant: invoice }, issue_date: issued, due_date: due, amount: amount } }
`

// matchProject is a project with three customers, of which C1 owes most.
func matchProject(t *testing.T) string {
	t.Helper()
	dir := newProject(t, matchYAML)
	writeFile(t, dir, "customers.csv", "id,name,zip,city\nC1,=Société Dupont,75001,Paris\nC2,Deux,69001,Lyon\nC3,Trois,13001,Marseille\n")
	writeFile(t, dir, "invoices.csv", "id,customer,issued,due,amount\nF1,C1,2025-06-01,2025-06-30,1500.00\nF2,C2,2025-06-01,2025-06-30,700.00\nF3,C3,2025-06-20,2025-06-30,1.00\n")
	must(t, "run", "--project", dir)
	offer(t, dir,
		"'C1', '552081317', null, 1, '=Société Dupont', '75001', 'Paris', 'SOCIETE DUPONT', '75001', 'PARIS', 0.91, -1.5, 'review'",
		"'C1', '552081317', '55208131766522', 2, '=Société Dupont', '75001', 'Paris', '@DUPONT', '75002', 'PARIS', 0.5, 2, 'review'",
		"'C2', '003250321', null, 1, 'Deux', '69001', 'Lyon', 'DEUX SA', '69001', 'LYON', 0.8, 2, 'review'",
		"'C3', '404833048', null, 1, 'Trois', '13001', 'Marseille', 'TROIS', '13001', 'MARSEILLE', 0.999, 9, 'accepted'")
	return dir
}

// offer puts candidates into the generation that serves, as a register would.
func offer(t *testing.T, dir string, rows ...string) {
	t.Helper()
	db, err := sql.Open("duckdb", filepath.Join(dir, "data", "current", "warehouse.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, row := range rows {
		_, err := db.ExecContext(t.Context(), `insert into mart_match_review (entity_id, side, counterparty_id, candidate_siren, candidate_siret, rank_no,
			counterparty_name, counterparty_postal_code, counterparty_city, candidate_name, candidate_postal_code, candidate_city, match_probability, name_bits, verdict)
			select 'ACME', 'customer', `+row)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// wantMatches compares the queue as code, candidate, decision and author.
func wantMatches(t *testing.T, dir string, want string, args ...string) {
	t.Helper()
	var got []string
	for i, r := range records(t, must(t, append([]string{"matches", "--project", dir, "--format", "csv"}, args...)...)) {
		if i > 0 {
			candidate := r[3]
			if r[4] != "" {
				candidate = r[4]
			}
			got = append(got, strings.TrimSpace(strings.Join([]string{r[2], candidate, r[26], r[27]}, " ")))
		}
	}
	if text := strings.Join(got, "; "); text != want {
		t.Errorf("matches %v:\n%s\nwant\n%s", args, text, want)
	}
}

func TestMatchesAreDecidedByCommand(t *testing.T) {
	dir := matchProject(t)
	at := func(args ...string) []string { return append(args, "--project", dir) }
	// what waits for a review first, in it who owes most
	wantMatches(t, dir, "C1 552081317; C1 55208131766522; C2 003250321; C3 404833048")
	wantMatches(t, dir, "C3 404833048", "--verdict", "accepted")
	must(t, at("matches", "accept", "C1", "552081317", "--by", "Anne", "--note", "called them")...)
	must(t, at("matches", "reject", "C2", "003250321", "--by", "Anne")...)
	wantMatches(t, dir, "C1 55208131766522; C3 404833048; C1 552081317 accept Anne; C2 003250321 reject Anne")
	wantMatches(t, dir, "C1 55208131766522; C3 404833048", "--undecided")
	refuse(t, exitFailed, "undo that first", at("matches", "accept", "C1", "55208131766522", "--by", "Bruno")...)
	refuse(t, exitFailed, "no candidate", at("matches", "accept", "C1", "999999999", "--by", "Bruno")...)
	refuse(t, exitFailed, "nothing was decided", at("matches", "undo", "C3", "404833048", "--by", "Bruno")...)
	refuse(t, exitUsage, "who says so", at("matches", "accept", "C3", "404833048")...)
	refuse(t, exitFailed, "Anne: accept 552081317", at("matches", "reject", "C1", "552081317", "--by", "Bruno", "--seen", "0")...)
	must(t, at("matches", "undo", "C2", "003250321", "--by", "Bruno")...)
	must(t, at("matches", "undo", "C1", "552081317", "--by", "Bruno")...)
	must(t, at("matches", "accept", "C1", "55208131766522", "--by", "Bruno")...)
	wantMatches(t, dir, "C1 552081317; C2 003250321; C3 404833048; C1 55208131766522 accept Bruno")
	text := must(t, at("matches")...)
	if !strings.Contains(text, "accept (next build)") || !strings.Contains(text, "0.9100") {
		t.Errorf("table:\n%s", text)
	}
	if text := must(t, at("matches", "--format", "json", "--undecided")...); !strings.Contains(text, `"candidate_siren": "003250321"`) {
		t.Errorf("json:\n%s", text)
	}
}

// TestDecisionsOutliveTheCode: what was decided is in the next generations, also when
// every customer gets another code.
func TestDecisionsOutliveTheCode(t *testing.T) {
	dir := matchProject(t)
	must(t, "matches", "accept", "C1", "552081317", "--by", "Anne", "--project", dir)
	decided := func(want string) {
		t.Helper()
		text := must(t, "query", "--project", dir, "--format", "csv", "select subject_id, candidate_id, decision, decided_by, decided_subject_id from int_review_decisions")
		if _, got, _ := strings.Cut(strings.TrimSpace(text), "\n"); got != want {
			t.Errorf("decisions %q, want %q", got, want)
		}
	}
	must(t, "build", "--project", dir)
	decided("C1,552081317,accept,Anne,C1")
	must(t, "build", "--project", dir)
	decided("C1,552081317,accept,Anne,C1")
	writeFile(t, dir, "customers.csv", "id,name,zip,city\nN1,société DUPONT,75001,Paris\nN2,Deux,69001,Lyon\n")
	writeFile(t, dir, "invoices.csv", "id,customer,issued,due,amount\nF1,N1,2025-06-01,2025-06-30,1500.00\nF2,N2,2025-06-01,2025-06-30,700.00\n")
	must(t, "run", "--project", dir)
	decided("N1,552081317,accept,Anne,C1")
	// the queue shows it under the code of today, where it can be undone
	offer(t, dir, "'N1', '552081317', null, 1, 'société DUPONT', '75001', 'Paris', 'SOCIETE DUPONT', '75001', 'PARIS', 0.91, 1, 'review'")
	wantMatches(t, dir, "N1 552081317 accept Anne")
	must(t, "matches", "undo", "N1", "552081317", "--by", "Bruno", "--project", dir)
	wantMatches(t, dir, "N1 552081317")
	must(t, "build", "--project", dir)
	decided("")
}

func TestMatchesGoThroughAFile(t *testing.T) {
	dir := matchProject(t)
	file := filepath.Join(t.TempDir(), "review.csv")
	must(t, "matches", "export", "--project", dir, "-o", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"'=Société Dupont", "'@DUPONT", ",-1.500,", ",0.910000,"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 5 || !strings.HasSuffix(lines[1], ",0,,") {
		t.Fatalf("file:\n%s", text)
	}
	fill := func(line int, decision, note string) string {
		return strings.TrimSuffix(lines[line], ",,") + "," + decision + "," + note
	}
	write := func(lines ...string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(lines[0], fill(1, "accept", "'=sure"), fill(2, "reject", ""), strings.Replace(fill(3, "ACCEPT", ""), "003250321", "3250321", 1), fill(4, "perhaps", ""))
	r := run(t, "matches", "import", file, "--by", "Anne", "--project", dir)
	if r.code == exitDone || !strings.Contains(r.err, `line 5, column your_decision, "perhaps"`) || !strings.Contains(r.err, "3 decisions taken, 0 stood already") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
	after := "C3 404833048; C1 552081317 accept Anne; C1 55208131766522 reject Anne; C2 003250321 accept Anne"
	wantMatches(t, dir, after)
	// the line is corrected and the whole file read again, as Excel saves it in French
	write("\ufeff" + strings.ReplaceAll(strings.Join([]string{lines[0], fill(1, "accept", "'=sure"), fill(2, "rejeter", ""), fill(3, "accepter", ""), fill(4, "reject", "")}, "\r\n"), ",", ";"))
	if r := run(t, "matches", "import", file, "--by", "Anne", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "1 decisions taken, 3 stood already") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
	wantMatches(t, dir, "C1 552081317 accept Anne; C1 55208131766522 reject Anne; C2 003250321 accept Anne; C3 404833048 reject Anne")
	// the second reviewer had exported before
	write(lines[0], fill(1, "reject", ""), fill(3, "undo", ""))
	r = run(t, "matches", "import", file, "--by", "Bruno", "--project", dir)
	if r.code == exitDone || strings.Count(r.err, "somebody else decided") != 2 || !strings.Contains(r.err, "line 2, column seen") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
	write(lines[0], strings.Replace(fill(1, "accept", ""), "552081317", "5,52E+08", 1), strings.Replace(fill(3, "accept", ""), "C2", "C9", 1))
	if r := run(t, "matches", "import", file, "--by", "Bruno", "--project", dir); r.code == exitDone {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
	write("a,b", "1,2")
	refuse(t, exitFailed, "the column entity_id is missing", "matches", "import", file, "--by", "Bruno", "--project", dir)
}

func TestOverridesByCommand(t *testing.T) {
	dir := matchProject(t)
	at := func(args ...string) []string { return append(args, "--project", dir) }
	for attribute, values := range map[string][2]string{
		"siren": {"552081318", "552 081 317"}, "siret": {"55208131766523", "55208131766522"}, "vat_number": {"FR00552081317", "FR03552081317"},
		"country": {"France", "fr"}, "credit_limit": {"1,5", "0"}, "payment_terms": {"perhaps", "30 jours"}, "naf_code": {"46", "46.90Z"},
		"legal_form": {"SA", "5499"}, "email": {"nobody", "a@b.fr"}, "postal_code": {"?", "69002"},
	} {
		refuse(t, exitUsage, "is no value of "+attribute, at("override", "set", "C1", attribute, values[0], "--by", "Anne")...)
		must(t, at("override", "set", "C1", attribute, values[1], "--by", "Anne")...)
	}
	refuse(t, exitUsage, "is no attribute", at("override", "set", "C1", "mood", "good", "--by", "Anne")...)
	refuse(t, exitFailed, "no customer", at("override", "set", "C9", "city", "Lyon", "--by", "Anne")...)
	must(t, at("override", "set", "C1", "city", "Villeurbanne", "--by", "Anne", "--note", "moved")...)
	city := func(want string) {
		t.Helper()
		must(t, "build", "--project", dir)
		text := must(t, "query", "--project", dir, "--format", "csv", "select city, siren, credit_limit_amount, payment_terms from dim_counterparties where counterparty_id = 'C1'")
		if _, got, _ := strings.Cut(strings.TrimSpace(text), "\n"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	city("Villeurbanne,552081317,0.00,NET30")
	city("Villeurbanne,552081317,0.00,NET30")
	must(t, at("override", "withdraw", "C1", "city", "--by", "Bruno")...)
	refuse(t, exitFailed, "nobody has set city", at("override", "withdraw", "C1", "city", "--by", "Bruno")...)
	city("Paris,552081317,0.00,NET30")
	if text := must(t, at("override", "list", "--history", "--customer", "C1")...); !strings.Contains(text, "(withdrawn)") || !strings.Contains(text, "moved") {
		t.Errorf("history:\n%s", text)
	}
	if list := records(t, must(t, at("override", "list", "--format", "csv")...)); len(list) != 11 {
		t.Errorf("%d lines", len(list))
	}
}

// TestReviewingOnTheServer: two reviewers have the page open; the second is told, and
// undoes.
func TestReviewingOnTheServer(t *testing.T) {
	dir := matchProject(t)
	address := serveProcess(t, dir)
	post := func(path string, pairs ...string) (int, string) {
		t.Helper()
		form := url.Values{"entity": {"ACME"}, "side": {"customer"}, "id": {"C2"}, "back": {"/matching?lang=en"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		response, err := http.PostForm(address+path, form)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(page)
	}
	if status, page := post("/matching", "candidate", "003250321", "decision", "accept", "seen", "0", "author", "Zoé"); status != http.StatusOK || !strings.Contains(page, "accepted</strong>, Zoé") {
		t.Errorf("accept: status %d\n%s", status, page)
	}
	if status, page := post("/matching", "candidate", "003250321", "decision", "reject", "seen", "0", "author", "Bruno"); status != http.StatusConflict || !strings.Contains(page, "Zoé decided about this customer meanwhile") {
		t.Errorf("the second: status %d\n%s", status, page)
	}
	wantMatches(t, dir, "C1 552081317; C1 55208131766522; C3 404833048; C2 003250321 accept Zoé")
	if status, _ := post("/matching", "candidate", "003250321", "decision", "undo", "seen", "1", "author", "Bruno"); status != http.StatusOK {
		t.Errorf("undo: status %d", status)
	}
	wantMatches(t, dir, "C1 552081317; C1 55208131766522; C2 003250321; C3 404833048")
	if status, page := post("/overrides", "action", "set", "attribute", "city", "value", "Bron", "author", "Zoé", "back", "/counterparties/ACME/customer/C2?lang=en"); status != http.StatusOK || !strings.Contains(page, "Bron") {
		t.Errorf("set: status %d\n%s", status, page)
	}
	if status, _ := post("/overrides", "action", "set", "attribute", "siren", "value", "123456789", "author", "Zoé"); status != http.StatusBadRequest {
		t.Errorf("a wrong key: status %d", status)
	}
	if status, _ := post("/overrides", "action", "withdraw", "attribute", "city", "author", "Zoé"); status != http.StatusOK {
		t.Errorf("withdraw: status %d", status)
	}
}
