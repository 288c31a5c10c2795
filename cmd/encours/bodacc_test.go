package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// bodaccProject has customers C1 (552081317), whose liquidation is published on 14 March
// 2025, and C2 (404833048).
func bodaccProject(t *testing.T, more string) string {
	t.Helper()
	dir := newProject(t, `sources:
  - name: ledger
    kind: fec
    entity: ACME
    fiscal_year_start: 2025-01-01
    paths: ["fec.txt"]
  - name: customers
    kind: table
    entity: ACME
    dataset: counterparties
    paths: ["customers.csv"]
    columns: { counterparty_id: code, name: name, siren: siren, side: { constant: customer } }
  - name: gazette
    kind: bodacc
    paths: ["bodacc*"]
`)
	writeFile(t, dir, "fec.txt", header+invoice(1, "20250110", "C1", "F1", "100,00")+invoice(2, "20250110", "C2", "F2", "200,00")+invoice(3, "20250630", "C2", "F3", "1,00"))
	writeFile(t, dir, "customers.csv", "code;name;siren\nC1;Un;552081317\nC2;Deux;404833048\n")
	notice := func(id, day, siren, family, nature string) string {
		return fmt.Sprintf(`{"id":%q,"publicationavis":"A","dateparution":%q,"familleavis":%q,"registre":%q,"commercant":"X","jugement":"{\"nature\":\"%s\",\"date\":\"3 mars 2025\"}"}`,
			id, day, family, siren, nature)
	}
	writeFile(t, dir, "bodacc1.json", `{"total_count":3,"results":[`+
		notice("A1", "2025-03-14", "552 081 317", "collective", "Jugement d'ouverture de liquidation judiciaire")+","+
		notice("A2", "2025-03-15", "123 456 789", "collective", "Jugement d'ouverture de liquidation judiciaire")+","+
		notice("A3", "2025-04-15", "404833048", "collective", "Jugement arrêtant le plan de redressement")+"]}"+more)
	return dir
}

// TestBodacc: notices of a file change class, decision, claim and alerts; at a date
// before their publication they do not.
func TestBodacc(t *testing.T) {
	dir := bodaccProject(t, "")
	r := run(t, "ingest", "--project", dir)
	if r.code != exitRejects || !strings.Contains(r.err, "2 lines loaded, 1 rejected") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	must(t, "build", "--project", dir)
	for question, want := range map[string]string{
		"select counterparty_id, risk_class, legal_severity from mart_risk_scores order by 1":                            "[[C1 E 10] [C2 N 5]]",
		"select counterparty_id, decision_rule from mart_credit_decisions order by 1":                                    "[[C1 legal] [C2 new_customer]]",
		"select counterparty_id, published_date, deadline_date from mart_legal_cases order by 1":                         "[[C1 2025-03-14 2025-05-14] [C2  2025-05-03]]",
		"select counterparty_id, legal_status, procedure_event, procedure_opened_date from mart_legal_status order by 1": "[[C1 in procedure liquidation 2025-03-03] [C2 in procedure plan 2025-03-03]]",
		"select counterparty_id, rule, sentence_fr from mart_alerts where rule = 'LEGAL_EVENT' order by 1": "[[C1 LEGAL_EVENT Événement juridique du 03/03/2025 (Jugement d'ouverture de liquidation judiciaire) : gravité 10 sur 10] " +
			"[C2 LEGAL_EVENT Événement juridique du 03/03/2025 (Jugement arrêtant le plan de redressement) : gravité 5 sur 10]]",
	} {
		if got := fmt.Sprint(query(t, dir, "", question)); got != want {
			t.Errorf("%s\n%s\nwant\n%s", question, got, want)
		}
	}
	if got := fmt.Sprint(query(t, dir, "2025-03-13", "select risk_class, legal_severity from mart_risk_scores where counterparty_id = 'C1'")); got != "[[N ]]" {
		t.Errorf("the day before the publication: %s", got)
	}
	if out := must(t, "report", "company-changes", "--project", dir, "--entity", "ACME", "--format", "csv"); !strings.Contains(out, "C1,") || !strings.Contains(out, "procedure,2025-03-03,2025-03-14") {
		t.Errorf("changes\n%s", out)
	}
	if again := run(t, "ingest", "--project", dir, "gazette"); !strings.Contains(again.err, "already") {
		t.Errorf("the same file twice: exit %d\n%s", again.code, again.err)
	}
	refused := bodaccProject(t, `{"results":[`)
	refuse(t, exitFailed, "it ends in the middle of a notice", "ingest", "--project", refused, "gazette")
}

// TestRealBodacc: three real notices, one of them a striking off.
func TestRealBodacc(t *testing.T) {
	path, err := filepath.Abs(sharedData(t, "legal/bodacc_opendatasoft.json"))
	if err != nil {
		t.Fatal(err)
	}
	dir := newProject(t, "sources:\n  - name: gazette\n    kind: bodacc\n    paths: [\""+path+"\"]\n")
	if r := run(t, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "3") || !strings.Contains(r.err, "0 rejected") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
}
