package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestSoldDocumentsFromListToReports: the documents of a list of encours.yaml reach
// the key figures; what does not count is listed, and a bad line stops the build
// with its place.
func TestSoldDocumentsFromListToReports(t *testing.T) {
	dir := newProject(t, "factored: [{ documents: sold.csv }]\n")
	lines := invoice(1, "20240101", "C1", "F1", "1000,00") + invoice(2, "20240105", "C2", "F2", "200,00")
	writeFile(t, dir, "111111111FEC20241231.txt", header+lines)
	must(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", dir+"/111111111FEC20241231.txt")
	writeFile(t, dir, "sold.csv", "entity_id,document_ref,factored_on\nACME,F2,05/01/2024\n")
	if r := run(t, "build", "--project", dir); r.code != 1 || !strings.Contains(r.err, `sold.csv:2:9: factored_on: "05/01/2024" is not a date`) {
		t.Errorf("a bad list: exit %d\n%s", r.code, r.err)
	}
	for _, c := range [][2]string{
		{"ACME,F2,2024-01-05\nACME,F9,2024-01-05\n", "[[200.000000 1000.000000]]"},
		{"ACME,F1,2024-01-05\nACME,F9,2024-01-05\n", "[[1000.000000 200.000000]]"},
	} {
		list, want := c[0], c[1]
		writeFile(t, dir, "sold.csv", "entity_id,document_ref,factored_on\n"+list)
		must(t, "build", "--project", dir)
		got := fmt.Sprint(query(t, dir, "", "select factored_amount, unfactored_receivable_amount from mart_kpis_monthly"))
		if strings.ReplaceAll(want, "0000", "") != strings.ReplaceAll(got, "0000", "") {
			t.Errorf("%q: %s, want %s", list, got, want)
		}
	}
	report := must(t, "report", "factored-documents", "--project", dir, "--format", "csv")
	for _, want := range []string{",sold,true,1000.00", ",F9,2024-01-05,,unknown,false,"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
}

// TestKeyFiguresFromTargetsToReports: targets and sold receivables of encours.yaml
// reach the marts and the reports, at the date of the build and at an earlier one.
func TestKeyFiguresFromTargetsToReports(t *testing.T) {
	dir := newProject(t, `targets:
  - { entity: ACME, dso_countback_days: 20, overdue_ratio: 50 % }
factored:
  - { counterparties: [C2], since: 2024-02-01 }
`)
	lines := invoice(1, "20240101", "C1", "F1", "1000,00") + invoice(2, "20240105", "C2", "F2", "200,00") +
		invoice(3, "20240229", "C1", "F3", "300,00")
	writeFile(t, dir, "111111111FEC20241231.txt", header+lines)
	must(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", dir+"/111111111FEC20241231.txt")
	must(t, "build", "--project", dir)
	for asOf, want := range map[string]string{
		"":           "[[dso_countback_days 60.000000 20.000000 false] [factored_amount 200.000000  ] [overdue_ratio 0.800000 0.500000 false]]",
		"2024-01-31": "[[dso_countback_days 31.000000 20.000000 false] [factored_amount 0.000000  ] [overdue_ratio 0.000000 0.500000 true]]",
	} {
		got := fmt.Sprint(query(t, dir, asOf, `
			select measure, value, target_value, is_target_met from mart_kpi_comparisons
			where measure in ('dso_countback_days', 'factored_amount', 'overdue_ratio')
				and month_end_date = (select max(month_end_date) from mart_kpi_comparisons)
			order by measure`))
		if got != want {
			t.Errorf("as of %q: %s, want %s", asOf, got, want)
		}
	}
	bridge := must(t, "report", "dso-bridge", "--project", dir, "--entity", "ACME", "--format", "csv")
	if strings.Count(bridge, "\nACME,2024-02-29,month_before,") != 5 {
		t.Errorf("the bridge has not five effects:\n%s", bridge)
	}
	customers := must(t, "report", "dso-customers", "--project", dir, "--entity", "ACME", "--format", "csv")
	if strings.Count(customers, "\nACME,month_before,") != 2 {
		t.Errorf("the list has not the two customers:\n%s", customers)
	}
	if figures := must(t, "report", "key-figures", "--project", dir, "--entity", "ACME", "--format", "csv"); !strings.Contains(figures, "# lettering_coverage") &&
		!strings.Contains(figures, "dso_countback_days") {
		t.Errorf("the report lacks its measures:\n%s", figures)
	}
}
