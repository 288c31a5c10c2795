package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

const lookupSources = `sources:
  - name: customers
    kind: table
    entity: ACME
    dataset: counterparties
    mode: full
    paths: [customers.csv]
    columns: {side: {constant: customer}, counterparty_id: code, name: name, siren: siren, postal_code: postal, city: city, parent_id: {column: parent, optional: true}}
  - { name: invoices, kind: table, entity: ACME, dataset: invoices, paths: [invoices.csv], columns: { side: { constant: customer }, document_id: id, counterparty_id: customer, document_type: { constant: invoice }, issue_date: issued, due_date: due, amount: amount } }
  - name: sales
    kind: table
    preset: salesforce-accounts
    paths: [accounts.csv]
  - name: ratings
    kind: table
    preset: ratings-neutral
    paths: [ratings.csv]
  - name: register
    kind: sirene
    paths: [stock/*.csv]
`

// lookupProject has one customer of ELECTRICITE DE FRANCE, one of its group and one that
// is another; the register knows companies that nobody buys from.
func lookupProject(t *testing.T) string {
	t.Helper()
	dir := newProject(t, lookupSources)
	writeFile(t, dir, "customers.csv", "code,name,siren,postal,city,parent\nC1,EDF,552081317,75008,Paris,GRP\nC2,EDF Renouvelables,,92000,Nanterre,GRP\nC3,Ateliers du Nord,,59000,Lille,\n")
	writeFile(t, dir, "invoices.csv", "id,customer,issued,due,amount\nF1,C1,2025-06-01,2025-06-30,1500.00\nF2,C2,2025-06-01,2025-06-30,700.00\nF3,C3,2025-06-20,2025-06-30,1.00\n")
	writeFile(t, dir, "accounts.csv", "Id,Name,AccountNumber,BillingPostalCode,BillingCity,Type\n001000000000001AAA,Martin Leroy,,13001,Marseille,Prospect\n")
	writeFile(t, dir, "ratings.csv", "provider,siren,rating_date,class\nxyz,732829320,2025-06-10,D\n")
	if err := os.Mkdir(filepath.Join(dir, "stock"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "stock"), "u.csv", unitsHeader+unitLines)
	writeFile(t, filepath.Join(dir, "stock"), "e.csv", sitesHeader+siteLines+
		"732829320,00033,73282932000033,O,2026-01-05T10:00:00,true,DU PORT,13001,MARSEILLE,13201,2011-01-01,A,43.99C\n"+
		"404833048,00011,40483304800011,O,2026-01-05T10:00:00,true,DE LYON,38000,GRENOBLE,38185,2010-01-01,F,49.41A\n")
	must(t, "run", "--project", dir)
	return dir
}

func lookedUp(t *testing.T, dir string, args ...string) (answer lookupAnswer) {
	t.Helper()
	text := must(t, append([]string{"lookup", "--project", dir, "--format", "json"}, args...)...)
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return answer
}

// TestLookup: by number and by name, in what is loaded and in the stock files; who of one's
// own customers and accounts it may be; what is open with it and its group.
func TestLookup(t *testing.T) {
	dir := lookupProject(t)
	one := func(answer lookupAnswer, siren, method, verdict string) {
		t.Helper()
		got := ""
		if len(answer.Candidates) > 0 {
			got = answer.Candidates[0].Verdict
		}
		if answer.SIREN != siren || answer.Method != method || got != verdict {
			t.Errorf("SIREN %q by %q, first candidate %q; want %q by %q, %q", answer.SIREN, answer.Method, got, siren, method, verdict)
		}
	}
	group := lookedUp(t, dir, "552 081 317")
	one(group, "552081317", "siren", "")
	if len(group.Parties) != 2 || group.Parties[0].ID != "C1" || group.Parties[0].Why != "siren" || group.Parties[1].ID != "C2" || group.Parties[1].Why != "group" ||
		len(group.Exposures) != 1 || group.Exposures[0] != (lookupSum{"EUR", "2200.00"}) {
		t.Errorf("own accounts %+v, exposure %+v; want C1, C2 of its group and 2200.00", group.Parties, group.Exposures)
	}
	if c := group.Company; c == nil || c.Name != "ELECTRICITE DE FRANCE" || c.City != "PARIS" || c.LegalStatus != "active" {
		t.Errorf("company %+v", c)
	}
	// nobody buys from it: only the stock file knows it
	prospect := []string{"Martin Leroy SARL", "--postal-code", "13001", "--city", "Marseille"}
	sold := lookedUp(t, dir, prospect...)
	one(sold, "732829320", "name", "accepted")
	if c := sold.Company; c == nil || len(c.Ratings) != 1 || c.Ratings[0].Class != "D" || sold.Candidates[0].ExternalClass != "D" {
		t.Errorf("company %+v", c)
	}
	if len(sold.Parties) != 0 || len(sold.Accounts) != 1 || sold.Accounts[0].Why != "similar_name" || sold.Accounts[0].Link != "none" {
		t.Errorf("own accounts %+v, of the CRM %+v", sold.Parties, sold.Accounts)
	}
	if early := lookedUp(t, dir, append(prospect, "--as-of", "2025-06-09")...); early.Company == nil || len(early.Company.Ratings) != 0 || early.Candidates[0].ExternalClass != "" {
		t.Errorf("a rating of 10 June is known on 9 June: %+v", early.Company)
	}
	one(lookedUp(t, dir, "Dupont Transports", "--postal-code", "38000", "--loaded"), "", "", "")
	closed := lookedUp(t, dir, "Dupont Transports", "--postal-code", "38000")
	one(closed, "404833048", "name", "accepted")
	if closed.Company == nil || closed.Company.LegalStatus != "ceased" || closed.Candidates[0].Severity == 0 {
		t.Errorf("a company that ceased is %+v", closed.Company)
	}
	// an own customer of the same name and place
	own := lookedUp(t, dir, "Ateliers du Nord", "--postal-code", "59000")
	one(own, "", "", "review")
	if len(own.Parties) != 1 || own.Parties[0].ID != "C3" || own.Parties[0].Why != "name_postal_code" || own.Parties[0].Exposure != "1.00" {
		t.Errorf("own accounts %+v", own.Parties)
	}
	text := must(t, "lookup", "--project", dir, "552032535")
	if !strings.Contains(text, "The SIREN does not hold: key.") || !strings.Contains(text, "no company like this") {
		t.Errorf("text:\n%s", text)
	}
	refuse(t, exitUsage, "whom?", "lookup", "--project", dir)
	refuse(t, exitUsage, "whom?", "lookup", "--project", dir, "x", "--company", "12")

	asker := &app{Main: Main{Clock: time.Now, Err: io.Discard}}
	p, err := project.Load(filepath.Join(dir, project.FileName))
	if err != nil {
		t.Fatal(err)
	}
	search := newRegisterSearch(asker, p)
	pool := session.NewPool(asker.store(p), exportLimits(p))
	t.Cleanup(func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	})
	view, err := asker.service(p, pool).Open(t.Context(), reports.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	for number, want := range map[string]reports.NumberFault{
		"FR83404833049": {Kind: "vat", Fault: "key"}, "5520813170004": {Kind: "siret", Fault: "key"}, "12345678901": {Kind: "siren", Fault: "length"},
	} {
		found, err := view.Lookup(t.Context(), reports.LookupRequest{Name: "x", Number: number})
		if err != nil || len(found.Faults) != 1 || found.Faults[0] != want || found.SIREN != "" {
			t.Errorf("%s: %+v, %v; want %+v", number, found, err, want)
		}
	}
	// what anybody types is data
	if _, err := view.Lookup(t.Context(), reports.LookupRequest{Name: `x'); drop table params; --`, Street: "';", City: `"`, Number: "$1"}); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if found, err := search.Find(ctx, reports.LookupRequest{Name: "Dupont"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a search that nobody waits for gives %v, %v", found, err)
	}
	writeFile(t, filepath.Join(dir, "stock"), "empty.csv", "") // the good files beside it are searched
	found, err := search.Find(t.Context(), reports.LookupRequest{Number: "FR83404833048", Name: "somebody else"})
	if err != nil || len(found.Units) != 1 || found.Units[0]["name"] != "DUPONT, TRANSPORTS" || len(found.Establishments) != 1 || len(found.Unread) != 1 {
		t.Errorf("found %+v, %v", found, err)
	}
}
