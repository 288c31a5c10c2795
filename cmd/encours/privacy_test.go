package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// personsProject has two customers that are known to the register: a company and a
// sole trader, with three invoices.
func personsProject(t *testing.T, more string) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, dir, "encours.yaml", `version: 1
entities: [{ id: ACME }]
sources:
  - { name: sales, kind: table, entity: ACME, paths: [sales.csv], dataset: invoices, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { side: { constant: customer }, document_type: { constant: invoice }, document_id: n, counterparty_id: c, issue_date: d, amount: a } }
  - { name: customers, kind: table, entity: ACME, paths: [customers.csv], dataset: counterparties, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { side: { constant: customer }, counterparty_id: c, name: n, siren: s, city: v, email: { column: e, optional: true } } }
  - { name: register, kind: table, paths: [register.csv], dataset: legal_units, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { siren: s, legal_form_code: f, legal_state: { constant: A } } }
`+more)
	writeFile(t, dir, "sales.csv", "n,c,d,a\nF1,C1,2025-01-10,100\nF2,C2,2025-02-10,40\nF3,C2,2025-03-10,60\n")
	writeFile(t, dir, "customers.csv", "c,n,s,v,e\nC1,Établissements Dupré,552032534,Lyon,a@dupre.example\nC2,Jeanne Élantour,732829320,Annecy,jeanne@elantour.example\n")
	writeFile(t, dir, "register.csv", "s,f\n552032534,5710\n732829320,1000\n")
	must(t, "--project", dir, "ingest")
	return dir
}

// TestPersonsStayOutOfExports: names of sole traders stand neither in exports nor in
// published files, figures do; the pages and the warehouse keep them, and the project
// may let them out.
func TestPersonsStayOutOfExports(t *testing.T) {
	dir := personsProject(t, "")
	must(t, "--project", dir, "build")
	exports := func() string {
		var all strings.Builder
		for _, name := range []string{"ageing", "open-items", "risk-scores", "risk-segments", "credit-decisions"} {
			for _, format := range []string{"csv", "json"} {
				all.WriteString(must(t, "--project", dir, "report", name, "--entity", "ACME", "--format", format))
			}
		}
		// a calendar and the pack for the board are exports too
		all.WriteString(must(t, "--project", dir, "report", "worklist", "--entity", "ACME", "--format", "ics", "--as-of", "2025-06-30"))
		pack := filepath.Join(t.TempDir(), "pack.pdf")
		must(t, "--project", dir, "report", "kpi-pack", "--entity", "ACME", "--format", "pdf", "-o", pack)
		all.WriteString(pdfText(t, pack))
		return all.String()
	}
	published := func() string {
		var all []byte
		err := filepath.WalkDir(filepath.Join(dir, "data", "published")+string(filepath.Separator), func(path string, d os.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, "dim_counterparties.parquet") {
				content, err := os.ReadFile(path)
				all = append(all, content...)
				return err
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	if got := exports(); strings.Contains(got, "Élantour") || strings.Contains(got, "elantour") || !strings.Contains(got, "Dupré") || !strings.Contains(got, "60.00") ||
		!strings.Contains(got, "BEGIN:VTODO") {
		t.Error("the exports name a person, or lack a company, an amount or a to-do")
	}
	if got := published(); strings.Contains(got, "lantour") || !strings.Contains(got, "Dupr") {
		t.Error("the published files name a person, or lack a company")
	}
	if got := must(t, "--project", dir, "query", "--format", "csv", "select counterparty_name from dim_counterparties order by all"); !strings.Contains(got, "Jeanne Élantour") {
		t.Errorf("the warehouse has lost the name: %s", got)
	}
	text, err := os.ReadFile(filepath.Join(dir, "encours.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "encours.yaml", string(bytes.TrimSpace(text))+"\nprivacy: { persons_in_exports: true }\n")
	must(t, "--project", dir, "build")
	if got := exports(); !strings.Contains(got, "Jeanne Élantour") {
		t.Error("the project lets names out, and the exports lack them")
	}
}

// remains lists where a text is still kept: in the columns of the landing zone, in the
// rejects, in the state and in the generation.
func remains(t *testing.T, dir string, words ...string) (found []string) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	look := func(name, relation string) {
		var text string
		if err := db.QueryRow("select coalesce(string_agg(lower(listed::varchar), chr(10)), '') from " + relation + " as listed").Scan(&text); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, word := range words {
			if strings.Contains(text, strings.ToLower(word)) {
				found = append(found, name+" has "+word)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "data", "*", "*", "*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join(dir, "data", "rejects", "*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, more...) {
		look(filepath.Base(filepath.Dir(file)), "read_parquet('"+file+"')")
	}
	generations, err := filepath.Glob(filepath.Join(dir, "data", "generations", "*", "warehouse.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range generations {
		if _, err := db.Exec(fmt.Sprintf("attach '%s' as g%d (read_only)", file, i)); err != nil {
			t.Fatal(err)
		}
		rows, err := db.Query(fmt.Sprintf("select table_name from duckdb_tables() where database_name = 'g%d'", i))
		if err != nil {
			t.Fatal(err)
		}
		var tables []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			tables = append(tables, name)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		for _, name := range tables {
			look("generation "+name, fmt.Sprintf("g%d.main.%s", i, name))
		}
	}
	for _, pattern := range []string{"state.db*", "findings/*", "published/*/*.parquet"} {
		kept, err := filepath.Glob(filepath.Join(dir, "data", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range kept {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range words {
				if bytes.Contains(content, []byte(word)) {
					found = append(found, filepath.Base(file)+" has "+word)
				}
			}
		}
	}
	return found
}

// TestErase: a person goes from everything that the data folder keeps, amounts and
// proof stay; where a later extract brings it back, the next build erases it again.
func TestErase(t *testing.T) {
	dir := t.TempDir()
	const yaml = `version: 1
entities: [{ id: ACME }]
sources:
  - { name: customers, kind: table, entity: ACME, paths: [customers.csv], dataset: counterparties, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { side: { constant: customer }, counterparty_id: c, name: n, siren: s, city: v, email: e, credit_limit: l } }
  - { name: register, kind: table, paths: [register.csv], dataset: legal_units, delimiter: ",", decimal: ".", dates: YYYY-MM-DD, columns: { siren: s, legal_form_code: f, last_name: n, legal_state: { constant: A } } }
`
	writeFile(t, dir, "encours.yaml", yaml)
	writeFile(t, dir, "customers.csv", "c,n,s,v,e,l\nDUPRE,Établissements Dupré,552032534,Lyon,a@dupre.example,100\nELANTOUR,Jeanne Elantour,732829320,Annecy,jeanne@elantour.example,5\n"+
		"ELANTOUR,Jeanne Elantour,732829320,Annecy,x,no number\n")
	writeFile(t, dir, "register.csv", "s,f,n\n552032534,5710,\n732829320,1000,ELANTOUR\n")
	ledger := header + invoice(1, "20250110", "DUPRE", "F1", "100,00") + strings.ReplaceAll(invoice(2, "20250210", "ELANTOUR", "F2", "40,00"), "ELANTOUR SARL", "Jeanne Elantour") +
		"BQ\tBanque\t3\t20250301\t411000\tClients\tELANTOUR\tJeanne Elantour\tR1\t20250301\tVirement\t0,00\t15,00\t\t\t20250301\t\t\n" +
		"BQ\tBanque\t3\t20250301\t512000\tBanque\t\t\tR1\t20250301\tVIR M ELANTOUR J\t15,00\t0,00\t\t\t20250301\t\t\n"
	fec := writeFile(t, dir, "ledger.txt", ledger)
	ingest := func(path string) {
		t.Helper()
		must(t, "--project", dir, "ingest", "--kind", "fec", "--entity", "ACME", "--fiscal-year-start", "2025-01-01", path)
	}
	ingest(fec)
	if r := run(t, "--project", dir, "ingest"); r.code != exitDone && r.code != exitRejects {
		t.Fatalf("ingest: %d %s", r.code, r.err)
	}
	must(t, "--project", dir, "build")
	must(t, "--project", dir, "decide", "--customer", "ELANTOUR", "--amount", "10", "--by", "test")
	words := []string{"elantour", "Elantour", "ELANTOUR", "732829320", "Annecy"}
	if found := remains(t, dir, words...); len(found) < 10 {
		t.Fatalf("before the erasure only %d places are found: %v", len(found), found)
	}
	open := query(t, dir, "", "select sum(open_amount), count(*) from fct_items")
	refuse(t, exitFailed, "no extract of ACME knows", "--project", dir, "erase", "--customer", "NOBODY", "--by", "x", "--reason", "y")
	refuse(t, exitUsage, "an erasure is logged", "--project", dir, "erase", "--customer", "ELANTOUR")
	if r := run(t, "--project", dir, "erase", "--customer", "ELANTOUR", "--dry-run"); r.code != exitDone || !strings.Contains(r.err, "nothing has been changed") || len(remains(t, dir, words...)) < 10 {
		t.Errorf("a dry run: %d %s", r.code, r.err)
	}
	said := run(t, "--project", dir, "erase", "--customer", "elantour", "--by", "J. Martin", "--reason", "request of 3 March")
	if said.code != exitDone || !strings.Contains(said.err, "customers.csv may still name") {
		t.Fatalf("erase: %d %s", said.code, said.err)
	}
	check := func(when string) {
		t.Helper()
		if found := remains(t, dir, words...); len(found) > 0 {
			t.Errorf("%s: %s", when, strings.Join(found, "\n"))
		}
		if got := query(t, dir, "", "select count(*), sum(abs(difference_amount)) from mart_reconciliation where side = 'customer'"); got[0][0] == "0" || got[0][1] != "0.00" {
			t.Errorf("%s the ledger is not proved: %v", when, got)
		}
	}
	check("after the erasure")
	if got := query(t, dir, "", "select sum(open_amount), count(*) from fct_items"); fmt.Sprint(got) != fmt.Sprint(open) {
		t.Errorf("the items changed from %v to %v", open, got)
	}
	log := must(t, "--project", dir, "erase", "--list")
	for _, want := range []string{"ERASED-", "J. Martin", "request of 3 March", "rows of ledger_entries", "rows of legal_units"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q: %s", want, log)
		}
	}
	if list := must(t, "--project", dir, "decisions"); !strings.Contains(list, "ERASED-") {
		t.Errorf("the decision is gone: %s", list)
	}
	// a crash behind the last batch: the same command ends it, and the log keeps what was done
	db, err := sql.Open("sqlite", filepath.Join(dir, "data", "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("update erasures set done = 'begun'"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	again := run(t, "--project", dir, "erase", "--customer", "ELANTOUR", "--by", "J. Martin", "--reason", "request of 3 March")
	if log := must(t, "--project", dir, "erase", "--list"); again.code != exitDone || !strings.Contains(log, "interrupted, and finished later") || strings.Count(log, "ERASED-") != 1 {
		t.Errorf("an interrupted erasure: %d %s\n%s", again.code, again.err, log)
	}
	refuse(t, exitFailed, "no extract of ACME knows", "--project", dir, "erase", "--customer", "ELANTOUR", "--by", "x", "--reason", "y")
	// a later cut of the ledger and of the customers names the person again
	later := writeFile(t, dir, "later.txt", ledger+strings.ReplaceAll(invoice(4, "20250410", "ELANTOUR", "F4", "7,00"), "ELANTOUR SARL", "Jeanne Elantour"))
	ingest(later)
	if len(remains(t, dir, words...)) == 0 {
		t.Fatal("the later cut does not name the person")
	}
	r := run(t, "--project", dir, "build")
	if r.code != exitDone || !strings.Contains(r.err, "came again and was erased again") {
		t.Fatalf("build: %d %s", r.code, r.err)
	}
	check("after the later cut")
	if log := must(t, "--project", dir, "erase", "--list"); !strings.Contains(log, "finished later; again: ") {
		t.Errorf("the log forgets what was done before: %s", log)
	}
	if r := run(t, "--project", dir, "build"); strings.Contains(r.err, "erased again") {
		t.Errorf("what a build stands on is erased once more: %s", r.err)
	}
	if got := query(t, dir, "", "select count(distinct counterparty_id), sum(open_amount) from fct_items where counterparty_id like 'ERASED-%'"); got[0][0] != "1" || got[0][1] != "32.00" {
		t.Errorf("the items of the pseudonym are %v", got)
	}
}
