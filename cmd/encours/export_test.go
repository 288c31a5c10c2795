package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/verify"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

// exportedProject has a year of invoices, built.
func exportedProject(t *testing.T) string {
	t.Helper()
	dir := newProject(t, "")
	must(t, "ingest", "--project", dir, "--kind", "fec", writeFile(t, dir, "year.txt", year(12)))
	must(t, "build", "--project", dir)
	return dir
}

// TestVerify: an export is verified by itself and with its manifest; one that was
// edited is not.
func TestVerify(t *testing.T) {
	dir := exportedProject(t)
	for _, format := range reports.FormatsOf("ageing") {
		path := filepath.Join(dir, "items."+format)
		must(t, "report", "open-items", "--project", dir, "-o", path)
		if out := must(t, "verify", path); !strings.Contains(out, "holds what it says") || !strings.Contains(strings.Join(strings.Fields(out), " "), "hash of the file equal") {
			t.Errorf("%s:\n%s", format, out)
		}
		if err := os.Remove(path + reports.ManifestEnding); err != nil {
			t.Fatal(err)
		}
		if out := must(t, "verify", path); !strings.Contains(out, "no manifest stands beside it") {
			t.Errorf("%s:\n%s", format, out)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "items.csv"))
	if err != nil {
		t.Fatal(err)
	}
	edited := writeFile(t, dir, "edited.csv", strings.Replace(string(text), ",customer,", ",Customer,", 1))
	refuse(t, exitFailed, "1 of 1 files", "verify", edited)
	refuse(t, exitFailed, "says nothing of itself", "verify", writeFile(t, dir, "other.csv", "a,b\n1,2\n"))
	refuse(t, exitUsage, "", "verify")
}

// TestVerifyPDF: a PDF is verified by its manifest; a changed byte, in it or in the
// manifest, is found, and without a manifest nothing is claimed.
func TestVerifyPDF(t *testing.T) {
	dir := exportedProject(t)
	path := filepath.Join(dir, "pack.pdf")
	must(t, "report", "kpi-pack", "--project", dir, "-o", path)
	out := strings.Join(strings.Fields(must(t, "verify", path)), " ")
	for _, want := range []string{"pack.pdf: holds what it says", "report kpi-pack of", "hash of the file equal", "hash of the manifest equal"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(path + reports.ManifestEnding)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(whole)
	changed[len(changed)/2] ^= 1
	writeFile(t, dir, "pack.pdf", string(changed))
	if r := run(t, "verify", path); r.code != exitFailed || !strings.Contains(strings.Join(strings.Fields(r.out), " "), "hash of the file differs") {
		t.Errorf("a changed byte: exit %d\n%s%s", r.code, r.out, r.err)
	}
	writeFile(t, dir, "pack.pdf", string(whole))
	writeFile(t, dir, "pack.pdf"+reports.ManifestEnding, strings.Replace(string(manifest), `"rows":`, `"rows":1`, 1))
	if r := run(t, "verify", path); r.code != exitFailed || !strings.Contains(strings.Join(strings.Fields(r.out), " "), "hash of the manifest differs") {
		t.Errorf("a changed manifest: exit %d\n%s%s", r.code, r.out, r.err)
	}
	if err := os.Remove(path + reports.ManifestEnding); err != nil {
		t.Fatal(err)
	}
	refuse(t, exitFailed, "there is no pack.pdf"+reports.ManifestEnding, "verify", path)
}

// TestExportsOnAFullDisk: a report that does not fit leaves no file and ends with 1;
// so does one into a full pipe.
func TestExportsOnAFullDisk(t *testing.T) {
	dir := exportedProject(t)
	if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
		cmd := process(t.Context(), "report", "open-items", "--project", dir)
		cmd.Stdout = full
		if err := cmd.Run(); cmd.ProcessState.ExitCode() != exitFailed {
			t.Errorf("to a full device: %v", err)
		}
		full.Close()
	}
	folder := t.TempDir()
	// the shell limits the size of files to 1 kB: the report has more
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `trap '' XFSZ; ulimit -f 1; exec "$0" "$@"`,
		os.Args[0], "report", "open-items", "--project", dir, "-o", filepath.Join(folder, "items.csv"))
	cmd.Env = append(os.Environ(), runVariable+"=1")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(strings.ToLower(string(out)), "file too large") {
		t.Errorf("beyond the limit: %v\n%s", err, out)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestAKilledExportLeavesNothing: whenever the program is killed there is no file or
// a whole one, and none without a name that a reader could take.
func TestAKilledExportLeavesNothing(t *testing.T) {
	dir := exportedProject(t)
	folder := t.TempDir()
	path := filepath.Join(folder, "items.xlsx")
	killed := 0
	for delay := 100 * time.Millisecond; delay < 900*time.Millisecond; delay += 100 * time.Millisecond {
		ctx, cancel := context.WithTimeout(t.Context(), delay)
		cmd := process(ctx, "report", "open-items", "--project", dir, "-o", path)
		if err := cmd.Run(); err != nil {
			killed++
		}
		cancel()
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			switch entry.Name() {
			case "items.xlsx":
				if r, err := verify.File(t.Context(), path, reports.ManifestEnding); err != nil || !r.OK() {
					t.Errorf("after %s: %v %+v", delay, err, r.Checks)
				}
			case "items.xlsx" + reports.ManifestEnding:
			default:
				t.Errorf("after %s: %s is left", delay, entry.Name())
			}
			if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d of 8 were killed before their end", killed)
}

// TestFormatsAgree: for random reports and as-of dates of the demo, every format
// holds the same rows, sums and hash.
func TestFormatsAgree(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the demo is built once for this test")
	}
	dir := filepath.Join(t.TempDir(), "demo")
	must(t, "demo", dir, "--no-serve")
	var span struct{ first, last time.Time }
	rows := query(t, dir, "", "select min(entry_date), max(entry_date) from fct_items")
	span.first, _ = time.Parse(time.DateOnly, rows[0][0])
	span.last, _ = time.Parse(time.DateOnly, rows[0][1])
	var entities []string
	for _, row := range query(t, dir, "", "select distinct entity_id from fct_items order by all") {
		entities = append(entities, row[0])
	}
	p, err := project.Load(filepath.Join(dir, "encours.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	a := &app{Main: Main{Clock: time.Now}}
	pool := session.NewPool(a.store(p), limits(p, 1))
	defer func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	}()
	service := a.service(p, pool)
	random := rand.New(rand.NewPCG(47, 48))
	definitions, folder := reports.Definitions(), t.TempDir()
	definitions = slices.DeleteFunc(definitions, func(d reports.Definition) bool { return reports.NeedsCounterparty(d.Name) })
	days := int(span.last.Sub(span.first).Hours() / 24)
	for i := range 40 {
		sel := reports.Selection{
			AsOf: span.last.AddDate(0, 0, -random.IntN(days*3/4)),
			Side: []string{reports.Customer, reports.Supplier}[random.IntN(4)/3],
		}
		if random.IntN(2) == 0 {
			sel.Entity = entities[random.IntN(len(entities))]
		}
		agree(t, service, folder, definitions[i%len(definitions)].Name, sel, reports.AgeingFilter{})
	}
	// one report with a PDF is of a customer: those of this date that have items
	for _, row := range query(t, dir, "2024-09-30", `
		select entity_id, counterparty_id from mart_counterparty_balances
		where side = 'customer' and open_amount > 0 order by hash(counterparty_id) limit 3`) {
		date := time.Date(2024, 9, 30, 0, 0, 0, 0, time.UTC)
		agree(t, service, folder, "statement", reports.Selection{AsOf: date, Side: reports.Customer, Entity: row[0]}, reports.AgeingFilter{Counterparty: row[1]})
	}
}

// agree exports one report in every format that it has and compares what was
// verified; of a PDF also the totals that stand on its pages.
func agree(t *testing.T, service *reports.Service, folder, name string, sel reports.Selection, filter reports.AgeingFilter) {
	t.Helper()
	view, err := service.Open(t.Context(), sel)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	want := ""
	var rows string
	for _, format := range reports.FormatsOf(name) {
		if format == reports.ICS {
			continue // tasks for a calendar: it has no totals
		}
		path := filepath.Join(folder, "report."+format)
		filter := filter
		if format == reports.PDF {
			filter.Language = "en"
		}
		if err := reports.WriteFile(t.Context(), view, name, format, filter, path); err != nil {
			t.Errorf("%s of %v as %s: %v", name, sel, format, err)
			return
		}
		result, err := verify.File(t.Context(), path, reports.ManifestEnding)
		if err != nil || !result.OK() {
			t.Errorf("%s of %v as %s: %v %+v", name, sel, format, err, result.Checks)
			continue
		}
		facts, err := json.Marshal(result.Facts)
		if err != nil {
			t.Fatal(err)
		}
		if format == reports.PDF {
			totalsOnPages(t, name, rows, pdfText(t, path))
		}
		if format == "csv" {
			want = string(facts)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			rows = string(text)
		} else if string(facts) != want {
			t.Errorf("%s of %v as %s:\n%s\nwant\n%s", name, sel, format, facts, want)
		}
	}
}

// totalsOnPages looks for the totals of the rows of a report, from its CSV, in the
// text of its PDF, in English or French.
func totalsOnPages(t *testing.T, name, rows, pages string) {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(rows))
	reader.Comment = '#'
	records, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var totals []string
	at := func(record []string, column string) string { return record[slices.Index(records[0], column)] }
	sum := new(big.Rat)
	for i, record := range records[1:] {
		switch {
		case name == "kpi-pack" && i == len(records)-2:
			for _, column := range []string{"receivable_amount", "payable_amount", "overdue_amount", "unallocated_credit_amount"} {
				if slices.Contains(records[0], column) {
					totals = append(totals, at(record, column))
				}
			}
		case name == "statement":
			open, _ := new(big.Rat).SetString(at(record, "open_amount"))
			sum.Add(sum, open)
			totals = append(totals, at(record, "open_amount"))
		case name == "payment-terms-report" && at(record, "tax") == "incl" && at(record, "line_code") == "late":
			totals = append(totals, at(record, "invoice_amount"))
		}
	}
	if name == "statement" {
		totals = append(totals, sum.FloatString(2))
	}
	if len(records) > 1 && len(totals) == 0 {
		t.Errorf("%s: no total is compared with its PDF", name)
	}
	pages = strings.NewReplacer(",", "", "\u00a0", "", "\u202f", "", " ", "").Replace(pages)
	for _, total := range totals {
		digits := strings.NewReplacer("-", "", ".", "").Replace(total)
		if plain := strings.ReplaceAll(pages, ".", ""); !strings.Contains(plain, digits) {
			t.Errorf("%s: %s of the rows is not on the pages of the PDF", name, total)
		}
	}
}
