package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// manyFaults is a file in which sixty lines lack their account label; one text in it
// is a formula.
func manyFaults(t *testing.T) string {
	t.Helper()
	var all []fault
	for range 60 {
		all = append(all, fault{edit: func(b *block) { *b.field(1, "CompteLib") = "" }})
	}
	all[0].edit = func(b *block) { *b.field(1, "CompteLib"), *b.field(1, "CompteNum") = "", "=1+1" }
	text, _ := ledgerOf(all)
	return writeFile(t, t.TempDir(), auditName, text)
}

// TestAuditText: a few places of each finding, and how many more there are.
func TestAuditText(t *testing.T) {
	out := must(t, "audit", manyFaults(t))
	for _, want := range []string{
		"error T06: A value that the law makes mandatory is empty.", "60 found", "line 3 ", "… and 55 more: see xlsx",
		"Ageing by due date, customers", "Complete the entry in the accounting software", "warning T08",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the text lacks %q:\n%s", want, out)
		}
	}
	if strings.Index(out, "T06") > strings.Index(out, "T08") {
		t.Error("a warning stands before an error")
	}
	if french := must(t, "audit", "--lang", "fr", manyFaults(t)); !strings.Contains(french, "erreur T06 : ") && !strings.Contains(french, "Une valeur obligatoire") {
		t.Error(french)
	}
}

// TestAuditPage: one page without script that asks no other host for anything.
func TestAuditPage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.html")
	must(t, "audit", "--lang", "fr", "-o", path, manyFaults(t))
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	body := string(raw)
	for _, want := range []string{`<html lang="fr">`, "Audit des extractions", "<svg", "prefers-color-scheme", "@media print", "Une valeur obligatoire", "… et 40 de plus"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, never := range []string{"<script", "http://", "https://", "src=", "%!", "[base."} {
		if strings.Contains(body, never) {
			t.Errorf("the page holds %q", never)
		}
	}
}

// TestAuditWorkbook: a sheet per finding with every line; texts are no formulas.
func TestAuditWorkbook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.xlsx")
	must(t, "audit", "-o", path, manyFaults(t))
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	}()
	if got := strings.Join(book.GetSheetList(), " "); got != "About T06 T08" {
		t.Errorf("sheets %q", got)
	}
	rows, err := book.GetRows("T06")
	if err != nil || len(rows) != 61 {
		t.Fatalf("%d rows, want the header and 60: %v", len(rows), err)
	}
	if rows[1][3] != "'=1+1" || rows[1][1] != "3" || rows[1][2] != "CompteLib" {
		t.Errorf("first row %q", rows[1])
	}
}

// TestAuditRefusedFiles: a file that cannot be read is part of the report.
func TestAuditRefusedFiles(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ name, text, want string }{
		{"columns missing", strings.Replace(header, "CompteNum", "Numero", 1) + "x\n", "CompteNum"},
		{"empty", "", "it is empty"},
		{"a workbook", "PK\x03\x04" + strings.Repeat("x", 100), "Excel"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeFile(t, dir, auditName, c.text)
			for _, format := range []string{"text", "json", "html"} {
				if out := must(t, "audit", "--format", format, path); !strings.Contains(out, c.want) {
					t.Errorf("%s: %s", format, out)
				}
			}
			must(t, "audit", "-o", filepath.Join(dir, "refused.xlsx"), path)
		})
	}
	t.Run("no readable line", func(t *testing.T) {
		same(t, audited(t, writeFile(t, dir, auditName, header+"VE\tVentes\n")), map[string][]int{"T04": {2}})
	})
}

// TestAuditUsage: what the options cannot mean.
func TestAuditUsage(t *testing.T) {
	text, _ := ledgerOf([]fault{{}})
	path := writeFile(t, t.TempDir(), auditName, text)
	refuse(t, exitUsage, "which files", "audit")
	refuse(t, exitUsage, "the kinds are: fec", "audit", "--kind", "ofx", path)
	refuse(t, exitUsage, "text, json, html, xlsx", "audit", "--format", "pdf", path)
	refuse(t, exitUsage, "en, fr", "audit", "--lang", "de", path)
	refuse(t, exitUsage, "is not an amount", "audit", "--receivables", "12,5", path)
	refuse(t, exitUsage, "of one file", "audit", "--receivables", "12.5", path, path)
	refuse(t, exitFailed, "no such file", "audit", path+".gone")
}

// TestAuditLeavesNothing: the audit changes neither the project nor the folder of
// temporary files.
func TestAuditLeavesNothing(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	dir := newProject(t, "")
	must(t, "audit", "--project", dir, manyFaults(t))
	if left, err := filepath.Glob(filepath.Join(temp, "encours-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	nothingLanded(t, dir)
}

// TestAuditRealFiles: what is known of the two real files.
func TestAuditRealFiles(t *testing.T) {
	for file, wants := range map[string][]string{
		"fec/123456789FEC20500930.txt": {"10,756 lines, 10,756 readable, 0 rejected, 0 blank; 4,001 entries", "2022-04-01 to 2023-04-30",
			"CR CR LF", "errors: 0, warnings: 1", "T01", "128,200.50", "difference 0.00"},
		"fec/111111111FEC20221231.TXT": {"934 lines, 934 readable, 0 rejected", "248 entries", "cp850; separator |", "errors: 0, warnings: 1", "T01", "difference 0.00"},
	} {
		t.Run(file, func(t *testing.T) {
			out := must(t, "audit", sharedData(t, file))
			for _, want := range wants {
				if !strings.Contains(out, want) {
					t.Errorf("the audit lacks %q:\n%s", want, out)
				}
			}
		})
	}
}

// TestAuditOfTheSample: the generated ledgers are clean, their openings are the
// closings before them, and the bad lines among them are found where they are.
func TestAuditOfTheSample(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sample")
	must(t, "generate", "--ledgers-only", "--invoices", "2000", "--seed", "5", "--bad-lines", dir)
	files, err := filepath.Glob(filepath.Join(dir, "extracts", "*", "*.txt"))
	if err != nil || len(files) != 9 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	found := auditCounts(t, files...)
	delete(found, "C02") // grouped payments
	delete(found, "C06") // part payments
	delete(found, "C07") // the software of one entity leaves the date out at times
	for check, count := range map[string]int{"T10": 1, "T09R": 2, "T04": 1, "T06": 1} {
		if found[check] != count {
			t.Errorf("%s: %d, want %d", check, found[check], count)
		}
		delete(found, check)
	}
	for check, count := range found {
		t.Errorf("false alarm: %s, %d", check, count)
	}
}

// TestQualityAfterTheLoad: a build keeps the findings of an audit of the same file,
// with their lines and amounts, for the report and the page.
func TestQualityAfterTheLoad(t *testing.T) {
	text, wants := ledgerOf(faults())
	dir := newProject(t, "rejects: { max_lines: 100 }\n")
	must(t, "ingest", "--project", dir, "--kind", "fec", "--fiscal-year-start", "2024-01-01", writeFile(t, dir, auditName, text))
	must(t, "build", "--project", dir)
	got := map[string]string{}
	for _, row := range query(t, dir, "", "select check_id, first_line, stake_amount, severity from mart_data_quality order by 1") {
		got[row[0]] = row[1]
		if row[0] == "C01" && (row[2] != "20.00" || row[3] != "error") {
			t.Errorf("C01: %v, want 20.00 at stake", row)
		}
	}
	for check, lines := range wants {
		if got[check] == "" {
			t.Errorf("the build does not keep %s, line %v", check, lines)
		}
		delete(got, check)
	}
	for check := range got {
		t.Errorf("the build keeps %s, which is no fault of the file", check)
	}
	all := func(dir string) [][]string {
		return query(t, dir, "", "select source_file, check_id, line_count, stake_amount, first_line, sentence_fr from mart_data_quality order by all")
	}
	once := all(dir)
	must(t, "build", "--project", dir, "--as-of", "2024-06-30")
	if again := all(dir); !slices.EqualFunc(again, once, slices.Equal) {
		t.Errorf("the findings of a build that keeps them:\n%v\nwant\n%v", again, once)
	}
	// another year: the entity is audited as a whole, as if for the first time
	next := writeFile(t, dir, "next.txt", header+strings.Replace(invoice(1, "20260115", "C1", "F1", "10,00"), "\t10,00\t0,00", "\t11,00\t0,00", 1))
	must(t, "ingest", "--project", dir, "--kind", "fec", "--fiscal-year-start", "2026-01-01", next)
	must(t, "build", "--project", dir)
	grown := all(dir)
	if err := os.RemoveAll(filepath.Join(dir, "data", "generations")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "data", "current")); err != nil {
		t.Fatal(err)
	}
	must(t, "build", "--project", dir)
	if anew := all(dir); len(grown) <= len(once) || !slices.EqualFunc(anew, grown, slices.Equal) {
		t.Errorf("the findings of the next build:\n%v\nfrom scratch\n%v", grown, anew)
	}
	if out := must(t, "report", "--project", dir, "data-quality"); !strings.Contains(out, "The debits of the entry are not equal to its credits.") {
		t.Errorf("the report lacks a finding:\n%s", out)
	}
}
