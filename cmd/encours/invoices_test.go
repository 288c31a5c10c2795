package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// invoiceProject is a project over a database with invoices, payments, what settles
// what, customers and disputes, and no ledger.
func invoiceProject(t *testing.T) string {
	t.Helper()
	dir, db := sqliteERP(t, `      - { dataset: invoices, file: sql/inv.sql }
      - { dataset: payments, file: sql/pay.sql }
      - { dataset: allocations, file: sql/let.sql }
      - { dataset: counterparties, file: sql/tiers.sql }
      - { dataset: disputes, file: sql/litiges.sql }
`)
	execute(t, db,
		"create table inv (document_id text, counterparty_id text, document_type text, issue_date text, due_date text, amount text, payment_terms text)",
		`insert into inv values ('F1', 'C1', 'invoice', '2025-01-10', '2025-02-28', '100.00', null),
			('F2', 'C1', 'invoice', '2025-01-15', null, '50.00', '45 jours fin de mois'),
			('A1', 'C2', 'credit_note', '2025-02-01', null, '-20.00', null)`,
		"create table pay (payment_id text, counterparty_id text, payment_date text, amount text)",
		"insert into pay values ('P1', 'C1', '2025-02-20', '70.00')",
		"create table let (allocation_id text, payment_id text, document_id text, amount text)",
		"insert into let values ('1', 'P1', 'F1', '60.00'), ('2', 'P1', 'F9', '10.00')",
		"create table tiers (counterparty_id text, name text, siren text, payment_terms text)",
		"insert into tiers values ('C1', 'Premier SARL', '552081317', '60 jours'), ('C2', 'Deuxième SA', null, 'voir contrat')",
		"create table litiges (dispute_id text, document_id text, counterparty_id text, opened_on text)",
		"insert into litiges values ('D1', 'F1', 'C1', '2025-02-01'), ('D2', null, 'C9', '2025-02-01')")
	for file, query := range map[string]string{
		"inv": "select 'customer' as side, 1 as instalment, * from inv", "pay": "select 'customer' as side, * from pay",
		"let": "select 'customer' as side, 1 as instalment, * from let", "tiers": "select 'customer' as side, * from tiers",
		"litiges": "select * from litiges",
	} {
		writeFile(t, dir, "sql/"+file+".sql", query+"\n")
	}
	must(t, "ingest", "--project", dir)
	return dir
}

// TestInvoicesWithoutALedger: extracts alone give items, ageing and history, say what
// does not fit, and are never called proved.
func TestInvoicesWithoutALedger(t *testing.T) {
	dir := invoiceProject(t)
	r := run(t, "build", "--project", dir, "--as-of", "2025-03-31")
	if r.code != exitDone || !strings.Contains(r.err, "not proved") || !strings.Contains(r.err, "mart_extract_mismatches") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	for question, want := range map[string]string{
		// P1 = 70 settles 60 of F1 and, as F9 does not exist, nothing else
		`select document_ref, item_type, open_amount, due_date, due_date_source, is_disputed from fct_items order by item_id`: "[[F1 invoice 40.00 2025-02-28 erp_invoice true] " +
			"[F2 invoice 50.00 2025-03-31 invoice_terms false] [A1 credit_note -20.00 2025-02-01 own_date false] [P1 payment -10.00 2025-02-20 own_date false]]",
		`select ageing_bucket, open_amount from mart_ageing where counterparty_id = 'C1' order by bucket_order`:    "[[not_due 50.00] [31-60 30.00]]",
		`select ledger_amount is null as a, items_amount, difference_amount is null as b from mart_reconciliation`: "[[true 60.00 true]]",
		`select receivable_amount from mart_kpis_monthly order by month_end_date`:                                  "[[150.00] [60.00] [60.00]]",
		`select counterparty_name, siren, payment_terms from dim_counterparties order by 1`:                        "[[Deuxième SA  ] [Premier SARL 552081317 NET60]]",
		`select mismatch, record_id, ledger_amount from mart_extract_mismatches order by mismatch`:                 "[[over_allocated 2 0.00] [terms_not_understood C2 ]]",
		`select dispute_id, is_open, open_amount from mart_disputes order by 1`:                                    "[[D1 true 40.00] [D2 true ]]",
	} {
		if got := fmt.Sprint(query(t, dir, "", question)); got != want {
			t.Errorf("%s\ngives %s\nwant  %s", question, got, want)
		}
	}
	// at an earlier date: before the payment and the dispute
	if got := fmt.Sprint(query(t, dir, "2025-01-31", `select document_ref, open_amount, is_disputed from fct_items order by item_id`)); got != "[[F1 100.00 false] [F2 50.00 false]]" {
		t.Errorf("at 31 January: %s", got)
	}
	out := must(t, "report", "reconciliation", "--project", dir, "--format", "csv")
	if !strings.Contains(out, "ACME,customer,411,true,,60.00,60.00,\n") {
		t.Errorf("report:\n%s", out)
	}
}

// TestInvoicesBesideALedger: once the ledger is loaded the amounts are its own, and
// proved; the invoice file gives due dates, terms and disputes.
func TestInvoicesBesideALedger(t *testing.T) {
	dir := invoiceProject(t)
	fec := strings.Join([]string{
		"JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise",
		"VE\tVentes\t1\t20250110\t411000\tClients\tC1\tPREMIER\tF-0001\t20250110\tF1\t100,00\t0,00\t\t\t20250110\t\t",
		"VE\tVentes\t1\t20250110\t707000\tVentes\t\t\tF-0001\t20250110\tF1\t0,00\t100,00\t\t\t20250110\t\t",
		"VE\tVentes\t2\t20250115\t411000\tClients\tC1\tPREMIER\tF2\t20250115\tF2\t50,01\t0,00\t\t\t20250115\t\t",
		"VE\tVentes\t2\t20250115\t707000\tVentes\t\t\tF2\t20250115\tF2\t0,00\t50,01\t\t\t20250115\t\t",
		"VE\tVentes\t3\t20251231\t411000\tClients\tC1\tPREMIER\tF3\t20251231\tF3\t7,00\t0,00\t\t\t20251231\t\t",
		"VE\tVentes\t3\t20251231\t707000\tVentes\t\t\tF3\t20251231\tF3\t0,00\t7,00\t\t\t20251231\t\t",
	}, "\n") + "\n"
	path := filepath.Join(t.TempDir(), "552081317FEC20251231.txt")
	if err := os.WriteFile(path, []byte(fec), 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", "--fiscal-year-start", "2025-01-01", path)
	must(t, "build", "--project", dir, "--as-of", "2025-03-31")
	for question, want := range map[string]string{
		// F-0001 is not F1: the terms of the file of counterparties, 60 days
		`select document_ref, open_amount, due_date, due_date_source from fct_items order by item_id`: "[[F-0001 100.00 2025-03-11 counterparty_file] [F2 50.01 2025-03-31 invoice_terms]]",
		`select ledger_amount, items_amount, difference_amount from mart_reconciliation`:              "[[150.01 150.01 0.00]]",
		`select counterparty_name from dim_counterparties`:                                            "[[Premier SARL]]",
		`select mismatch, record_id from mart_extract_mismatches order by all`:                        "[[not_in_extract 202501000000002] [not_in_ledger A1] [not_in_ledger F1] [terms_not_understood C2]]",
	} {
		if got := fmt.Sprint(query(t, dir, "", question)); got != want {
			t.Errorf("%s\ngives %s\nwant  %s", question, got, want)
		}
	}
}
