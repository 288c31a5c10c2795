package main

import (
	"bytes"
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
	if got := exports(); strings.Contains(got, "Élantour") || strings.Contains(got, "elantour") || !strings.Contains(got, "Dupré") || !strings.Contains(got, "60.00") {
		t.Error("the exports name a person, or lack a company or an amount")
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
