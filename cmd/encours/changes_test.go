package main

import (
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/encours/encours/reports"
)

// changed reads a report of changes: its facts and its rows by document.
func changed(t *testing.T, args ...string) (facts map[string]string, rows map[string]map[string]string) {
	t.Helper()
	out := must(t, append([]string{"report", "changes"}, args...)...)
	facts, rows = map[string]string{}, map[string]map[string]string{}
	body := ""
	for line := range strings.Lines(out) {
		if name, value, ok := strings.Cut(strings.TrimPrefix(strings.Trim(line, "\"\n"), "# "), ": "); ok && strings.HasPrefix(strings.Trim(line, `"`), "# ") {
			facts[name] = value
			continue
		}
		body += line
	}
	records, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows[row["document_ref"]] = row
	}
	return facts, rows
}

// TestChanges: a year cut in January and again in February. In between F3 was booked
// late (300.00), F2 was taken out (200.00), F1 was paid in part (40.00 of 100.00),
// F4 was moved to another customer, and F5 was corrected from 50.00 to 55.00; F6
// got the date of 1 December, and with it an earlier due date. From 100 + 200 + 70 + 50 + 60 = 480.00 to 100 − 40 + 300 + 70 + 55 + 60 =
// 545.00: 65.00 more.
func TestChanges(t *testing.T) {
	dir := newProject(t, "")
	january := header +
		invoice(1, "20241105", "C1", "F1", "100,00") + invoice(2, "20241106", "C1", "F2", "200,00") +
		invoice(4, "20241108", "C1", "F4", "70,00") + invoice(5, "20241109", "C2", "F5", "50,00") + invoice(6, "20241231", "C2", "F6", "60,00")
	february := header +
		invoice(3, "20241101", "C2", "F3", "300,00") + invoice(1, "20241105", "C1", "F1", "100,00") +
		invoice(4, "20241108", "C3", "F4", "70,00") + invoice(5, "20241109", "C2", "F5", "55,00") +
		"BQ\tBanque\t7\t20241220\t411000\tClients\tC1\tC1 SARL\tR1\t20241220\tReglement F1\t0,00\t40,00\t\t\t20241220\t\t\n" +
		"BQ\tBanque\t7\t20241220\t512000\tBanque\t\t\tR1\t20241220\tReglement F1\t40,00\t0,00\t\t\t20241220\t\t\n" +
		strings.ReplaceAll(invoice(6, "20241231", "C2", "F6", "60,00"), "F6\t20241231\t", "F6\t20241201\t")
	for day, text := range map[string]string{"2025-01-10": january, "2025-02-10": february} {
		must(t, "ingest", "--project", dir, "--kind", "fec", "--extract-date", day, "--fiscal-year-start", "2024-01-01", writeFile(t, dir, day+".txt", text))
	}
	must(t, "build", "--project", dir)
	span := []string{"--project", dir, "--from", "2025-01-15", "--to", "2025-02-15", "--as-of", "2024-12-31"}
	facts, rows := changed(t, span...)
	if facts["balances"] != "from=480.00 to=545.00 difference=65.00" || facts["sums"] != "open_change_amount=65.00" ||
		facts["known_from"] != "2025-01-15" || facts["known_at"] != "2025-02-15" || facts["proof"] != "from=proved to=proved" {
		t.Errorf("facts %v", facts)
	}
	for document, want := range map[string]string{
		"F3": "appeared||300.00", "F2": "vanished||-200.00", "R1": "appeared||-40.00",
		"F4": "changed|counterparty|0.00", "F5": "changed|amount open|5.00", "F6": "changed|due_date|0.00",
	} {
		row := rows[document]
		if got := row["change"] + "|" + row["changed_fields"] + "|" + row["open_change_amount"]; got != want {
			t.Errorf("%s: %s, want %s", document, got, want)
		}
	}
	if len(rows) != 6 || rows["F4"]["previous_counterparty_id"] != "C1" || rows["F4"]["counterparty_id"] != "C3" {
		t.Errorf("rows %v", rows)
	}
	batches := must(t, "batches", "--project", dir)
	for _, id := range []string{rows["F2"]["previous_batch_id"], rows["F3"]["batch_id"]} {
		if id == "" || !strings.Contains(batches, id) {
			t.Errorf("batch %q is not one of\n%s", id, batches)
		}
	}
	// what is known now is what was known in February: nothing changed since
	if facts, rows := changed(t, "--project", dir, "--from", "2025-02-15", "--as-of", "2024-12-31"); len(rows) > 0 || !strings.Contains(facts["balances"], "difference=0.00") {
		t.Errorf("%v %v", facts, rows)
	}
	for _, format := range reports.FormatsOf("ageing") {
		path := filepath.Join(dir, "changes."+format)
		must(t, append([]string{"report", "changes", "-o", path}, span...)...)
		if out := must(t, "verify", path); !strings.Contains(out, "holds what it says") {
			t.Errorf("%s: %s", format, out)
		}
	}
	refuse(t, exitFailed, "nothing is known", append([]string{"report", "changes"}, slices.Replace(slices.Clone(span), 3, 4, "2024-12-01")...)...)
	refuse(t, exitUsage, "--from", "report", "changes", "--project", dir)
	refuse(t, exitUsage, "is before", "report", "changes", "--project", dir, "--from", "2025-02-15", "--to", "2025-01-15")
	refuse(t, exitUsage, "report changes", "report", "ageing", "--project", dir, "--from", "2025-02-15")
}
