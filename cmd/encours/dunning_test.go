package main

import (
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// chaseYAML adds to a project what the software of sales and collection gives.
const chaseYAML = `insolvency:
  - counterparties: [C4]
    opened_on: 2025-06-10
    published_on: 2025-06-20
sources:
  - { name: customers, kind: table, entity: ACME, dataset: counterparties, paths: ["customers.csv"], columns: { side: { constant: customer }, counterparty_id: id, name: name, street: street, postal_code: code, city: city, country: country, account_manager: manager } }
  - { name: contacts, kind: table, entity: ACME, dataset: contacts, paths: ["contacts.csv"], columns: { side: { constant: customer }, contact_id: id, counterparty_id: customer, name: name, role: role, phone: phone, language: language } }
  - { name: invoices, kind: table, entity: ACME, dataset: invoices, paths: ["invoices.csv"], columns: { side: { constant: customer }, document_id: id, counterparty_id: customer, document_type: { constant: invoice }, issue_date: issued, due_date: due, amount: amount } }
  - { name: actions, kind: table, entity: ACME, dataset: collection_actions, mode: delta, paths: ["actions*.csv"], columns: { action_id: id, counterparty_id: customer, document_id: document, action_date: date, kind: kind, level: level } }
`

// chaseProject is a project as of 30 June 2025: C1 (French) is due a first reminder,
// C2 (English) a formal notice, C3 nothing yet, C4 is in a procedure.
func chaseProject(t *testing.T) string {
	t.Helper()
	dir := newProject(t, chaseYAML)
	for name, text := range map[string]string{
		"customers.csv": "id,name,street,code,city,country,manager\nC1,Société Été,1 rue de la Paix,75002,Paris,FR,Anne Roy\nC2,Harbour Ltd,2 Quay,D01,Dublin,IE,Anne Roy\nC3,Petit,,,,,\nC4,Faillite SA,,,,FR,\n",
		"contacts.csv":  "id,customer,name,role,phone,language\n1,C1,\"Zoé; Martin\",Comptabilité fournisseurs,01 02 03 04 05,fr\n",
		"invoices.csv":  "id,customer,issued,due,amount\nF1,C1,2025-05-01,2025-06-10,1000.00\nF2,C1,2025-05-02,2025-06-20,200.00\nF3,C2,2025-03-01,2025-04-15,3650.00\nF4,C3,2025-06-01,2025-06-28,50.00\nF5,C4,2025-05-01,2025-05-31,700.00\n",
		"actions.csv":   "id,customer,document,date,kind,level\nA1,C2,F3,2025-05-10,letter,1\nA2,C2,,2025-06-05,letter,2\n",
	} {
		writeFile(t, dir, name, text)
	}
	must(t, "ingest", "--project", dir)
	must(t, "build", "--project", dir, "--as-of", "2025-06-30")
	return dir
}

func records(t *testing.T, text string) [][]string {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	reader.Comment, reader.FieldsPerRecord = '#', -1
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestDunningLettersEndToEnd(t *testing.T) {
	dir := chaseProject(t)
	out := filepath.Join(t.TempDir(), "letters")
	must(t, "dunning", "letters", "--project", dir, "--out", out)
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	want := []string{
		"letter-0001-C1.pdf", "letter-0001-C1.pdf.manifest.json", "letter-0002-C2.pdf", "letter-0002-C2.pdf.manifest.json",
		"letters.csv", "letters.csv.manifest.json",
	}
	if !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
	// 1,000 × 13.15 % × 20 / 365 = 7.21 and 200 × 10 days: 0.72; 3,650 × 76 days × 13.15 % / 365: 99.94
	for name, words := range map[string][]string{
		"letter-0001-C1.pdf": {"Rappel de paiement", "Société Été", "1 rue de la Paix", "75002 Paris", "F1", "1 000,00", "7,21", "0,72", "80,00", "Anne Roy", "L. 441-10"},
		"letter-0002-C2.pdf": {"Formal notice to pay", "Harbour Ltd", "F3", "3,650.00", "99.94", "40.00", "€3,789.94", "D. 441-5", "1344"},
	} {
		text := strings.ReplaceAll(strings.Join(strings.Fields(pdfText(t, filepath.Join(out, name))), " "), "\u202f", " ")
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("%s: no %q in\n%s", name, word, text)
			}
		}
		if strings.Contains(text, "["+"letter") {
			t.Errorf("%s: a key without a text in\n%s", name, text)
		}
	}
	merged, err := os.ReadFile(filepath.Join(out, "letters.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"letter-0001-C1.pdf,fr,1,reminder", ",75002,Paris,FR,Zoé; Martin,", "letter-0002-C2.pdf,en,3,formal notice,letter,2 Quay", "3650.00,99.94,40.00,3789.94"} {
		if !strings.Contains(string(merged), want) {
			t.Errorf("no %q in\n%s", want, merged)
		}
	}
	refuse(t, exitFailed, "is not empty", "dunning", "letters", "--project", dir, "--out", out)
	refuse(t, exitUsage, "--out", "dunning", "letters", "--project", dir)

	// the letter of C1 went out on 30 June: it is not due twice
	writeFile(t, dir, "actions2.csv", "id,customer,document,date,kind,level\nA3,C1,,2025-06-30,letter,1\n")
	must(t, "ingest", "--project", dir)
	must(t, "build", "--project", dir, "--as-of", "2025-07-01")
	again := filepath.Join(t.TempDir(), "again")
	must(t, "dunning", "letters", "--project", dir, "--out", again, "--manager", "Anne Roy")
	if _, err := os.Stat(filepath.Join(again, "letter-0001-C2.pdf")); err != nil {
		t.Errorf("the letter of C2 is still due: %v", err)
	}
	if rows := records(t, must(t, "report", "dunning-letters", "--project", dir)); len(rows) != 2 {
		t.Errorf("letters %q, want that of C2 alone", rows)
	}
}

func TestWorklistEndToEnd(t *testing.T) {
	dir := chaseProject(t)
	rows := records(t, must(t, "report", "worklist", "--project", dir))
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[2]+": "+row[6]+" ("+row[7]+")")
	}
	// C4 owes a claim until 20 August; then the largest at risk
	want := []string{"C4: declare the claim (claim)", "C2: send the letter (letter due)", "C1: send the letter (letter due)"}
	if !slices.Equal(got, want) {
		t.Errorf("worklist %q, want %q", got, want)
	}
	calendar := must(t, "report", "worklist", "--project", dir, "--format", "ics", "--lang", "fr")
	unfolded := strings.ReplaceAll(calendar, "\r\n ", "")
	for _, want := range []string{"BEGIN:VTODO\r\n", "SUMMARY:Envoyer la relance : Société Été (C1)\r\n", "DUE;VALUE=DATE:20250630\r\n", `CONTACT:Zoé\; Martin\, 01 02 03 04 05`, "X-ENCOURS-GENERATION:"} {
		if !strings.Contains(unfolded, want) {
			t.Errorf("no %q in\n%s", want, unfolded)
		}
	}
	if strings.Count(calendar, "BEGIN:VTODO") != 3 {
		t.Errorf("to-dos:\n%s", calendar)
	}
	refuse(t, exitUsage, "lists of what to do", "report", "ageing", "--project", dir, "--format", "ics")
	legal := records(t, must(t, "report", "legal-cases", "--project", dir))
	if len(legal) != 2 || !slices.Contains(legal[1], "to declare") || !slices.Contains(legal[1], "2025-08-20") {
		t.Errorf("legal cases %q", legal)
	}
	items := must(t, "report", "dunning-items", "--project", dir)
	if !strings.Contains(items, "procedure") {
		t.Errorf("no paused item in\n%s", items)
	}
}

func TestDunningPolicyIsChecked(t *testing.T) {
	dir := chaseProject(t)
	const head = "segment,risk_class,level,after_days,wait_days,minimum_amount,kind,channel\n"
	if err := os.MkdirAll(filepath.Join(dir, "ref"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text, want string
		code       int
	}{
		"gap":            {head + "*,*,1,5,0,10,reminder,letter\n*,*,3,20,0,10,reminder,letter\n", "level must be 2", exitChecksFailed},
		"order":          {head + "*,*,1,5,0,10,reminder,letter\n*,*,2,5,0,10,reminder,letter\n", "after_days must be more than the 5", exitChecksFailed},
		"class":          {head + "*,*,1,5,0,10,reminder,letter\n*,Z,1,5,0,10,reminder,letter\n", "risk_class must be A to E", exitChecksFailed},
		"no ladder":      {head + "*,A,1,5,0,10,reminder,letter\n", "a ladder for every segment and class is missing", exitChecksFailed},
		"a word":         {head + "*,*,one,5,0,10,reminder,letter\n", "dunning_policy.csv:2", exitFailed},
		"unknown column": {"segment,klass\n", `column "klass" is not known`, exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			writeFile(t, filepath.Join(dir, "ref"), "dunning_policy.csv", c.text)
			r := run(t, "build", "--project", dir)
			if r.code != c.code || !strings.Contains(r.out+r.err, c.want) {
				t.Errorf("exit %d, want %d with %q:\n%s%s", r.code, c.code, c.want, r.out, r.err)
			}
		})
	}
}

// TestActionsOfThePage: what a reader says was done lands once, also when the form is
// sent twice, and moves the level at the next build.
func TestActionsOfThePage(t *testing.T) {
	dir := chaseProject(t)
	address := serveProcess(t, dir)
	body, err := get(address + "/counterparties/ACME/customer/C1?lang=en")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(body)
	if key == nil || !strings.Contains(body, `<option value="letter" selected>`) {
		t.Fatalf("no form for the letter in\n%s", body)
	}
	form := url.Values{
		"key": key[1:], "entity": {"ACME"}, "id": {"C1"}, "kind": {"letter"}, "date": {"2025-06-30"}, "level": {"1"},
		"author": {"Anne"}, "comment": {"été; \"envoyé\""}, "back": {"/worklist"},
	}
	promise := url.Values{
		"key": {key[1] + "-2"}, "entity": {"ACME"}, "id": {"C2"}, "kind": {"promise"}, "date": {"2025-06-30"}, "amount": {"3 650,00"},
		"promised": {"2025-07-10"}, "back": {"/worklist"},
	}
	for _, values := range []url.Values{form, form, promise} {
		response, err := http.PostForm(address+"/actions", values)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusOK || !strings.Contains(string(page), `role="status"`) {
			t.Fatalf("status %d:\n%s", response.StatusCode, page)
		}
	}
	if list := must(t, "batches", "--project", dir); strings.Count(list, "  page  ") != 2 {
		t.Errorf("batches, want an action and a promise of the page:\n%s", list)
	}
	must(t, "build", "--project", dir, "--as-of", "2025-06-30")
	// C1 was reminded today; C2 has promised; only the claim on C4 is left
	rows := records(t, must(t, "report", "worklist", "--project", dir))
	if len(rows) != 2 || rows[1][2] != "C4" {
		t.Errorf("worklist %q, want C4 alone", rows)
	}
	dunning := must(t, "report", "dunning", "--project", dir)
	for _, want := range []string{"C1,Société Été,Anne Roy,watch,N,*,*,waiting,,,1,2025-06-30", "C2,Harbour Ltd,Anne Roy,watch,N,*,*,paused,promised,promised,2"} {
		if !strings.Contains(dunning, want) {
			t.Errorf("no %q in\n%s", want, dunning)
		}
	}
}
