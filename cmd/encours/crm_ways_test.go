package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/encours/encours/ingest/database/databasetest"
)

// TestCRMByEveryWay: accounts of a CRM come by a file with a preset, by a table with a
// mapping of its own, from a database and by push; one build has all of them, each with
// its customer, and what is told of an account by another way finds it.
func TestCRMByEveryWay(t *testing.T) {
	server := databasetest.Postgres(t)
	execute(t, server.Admin,
		"create table customer (id text, label text, erp_code text, changed timestamp)",
		"insert into customer values ('db-1', 'From the database', 'C3', '2024-12-01 10:00:00'), ('db-2', 'A prospect', null, '2024-12-02 10:00:00')",
		"create table ticket (id text, customer text, cause text, opened date)", "insert into ticket values ('t1', 'db-1', 'Pricing', '2024-12-10')")
	dir := newProject(t, `    payment_terms: { customer: { default: "NET 30" } }
sources:
  - { name: salesforce, kind: table, paths: [accounts.csv], preset: salesforce-accounts }
  - { name: own, kind: table, dataset: crm_accounts, paths: [own.csv], delimiter: ";", columns: { crm_id: Ref, name: Nom, account_number: { column: Code, optional: true } } }
  - name: crm
    kind: sql
    driver: postgres
    connection_env: CRM_DSN
    queries:
      - { dataset: crm_accounts, file: sql/accounts.sql, mode: delta, watermark: changed }
      - { dataset: crm_cases, file: sql/cases.sql }
`)
	if err := os.Mkdir(filepath.Join(dir, "sql"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "sql/accounts.sql", "select id as crm_id, label as name, erp_code as account_number, changed::date as modified_on, changed from customer where changed >= :since\n")
	writeFile(t, dir, "sql/cases.sql", "select id as case_id, customer as crm_id, cause as reason, opened as opened_on from ticket\n")
	writeFile(t, dir, "accounts.csv", "Id,Name,AccountNumber\n001x0000002xLCV,From a file,C1\n")
	writeFile(t, dir, "own.csv", "Ref;Nom;Code\nown-1;D'une table;C2\n")
	if r := erp(t, map[string]string{"CRM_DSN": server.DSN}, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "accounts.sql: 2 lines loaded") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	url := serveProcess(t, dir) + landAPI
	token := newToken(t, dir, "--name", "hub", "--datasets", "crm_accounts,crm_opportunities")
	for _, message := range [][2]string{
		{"crm_accounts", `{"crm_id":"hub-1","name":"Pushed","account_number":"C4"}`},
		{"crm_opportunities", `{"opportunity_id":"o1","crm_id":"own-1","amount":"80.00","currency":"EUR","probability_percent":25,"close_date":"2025-03-31","stage":"Proposal"}`},
	} {
		if got, err := send(url+message[0], token, ndjson, message[1]+"\n"); err != nil || got.status != 201 || got.Rows != 1 {
			t.Fatalf("%s: %+v, %v", message[0], got, err)
		}
	}
	must(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", writeFile(t, dir, "FEC20241231.txt", header+
		invoice(1, "20241101", "C1", "F1", "100,00")+invoice(2, "20241102", "C2", "F2", "200,00")+invoice(3, "20241103", "C3", "F3", "300,00")+invoice(4, "20241104", "C4", "F4", "400,00")))
	must(t, "build", "--project", dir, "--as-of", "2024-12-31")
	got := query(t, dir, "", "select source, crm_id, crm_name, counterparties, open_amount, open_dispute_count, pipeline_amount from mart_crm_accounts order by source, crm_id")
	want := []string{
		"crm|db-1|From the database|ACME/C3|300.00|1|0.00",
		"crm|db-2|A prospect||||0.00",
		"hub|hub-1|Pushed|ACME/C4|400.00|0|0.00",
		"own|own-1|D'une table|ACME/C2|200.00|0|20.00",
		"salesforce|001x0000002xLCVAA2|From a file|ACME/C1|100.00|0|0.00",
	}
	var rows []string
	for _, row := range got {
		rows = append(rows, strings.Join(row, "|"))
	}
	if strings.Join(rows, "\n") != strings.Join(want, "\n") {
		t.Errorf("accounts\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
}
