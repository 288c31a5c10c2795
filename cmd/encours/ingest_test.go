package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// year is a small ledger of 2024: an opening and two invoices.
func year(upTo int) string {
	text := header +
		"AN\tA nouveau\t1\t20240101\t101000\tCapital\t\t\tAN\t20240101\tA nouveau\t0,00\t1000,00\t\t\t20240101\t\t\n" +
		"AN\tA nouveau\t1\t20240101\t411000\tClients\tC1\tC1 SARL\tAN\t20240101\tA nouveau\t250,00\t0,00\t\t\t20240101\t\t\n" +
		"AN\tA nouveau\t1\t20240101\t512000\tBanque\t\t\tAN\t20240101\tA nouveau\t750,00\t0,00\t\t\t20240101\t\t\n" +
		invoice(2, "20240215", "C1", "FA1", "100,00")
	if upTo > 6 {
		text += invoice(3, "20240915", "C2", "FA2", "40,00")
	}
	return text
}

func balance(t *testing.T, dir string) string {
	t.Helper()
	return query(t, dir, "", "select sum(open_amount) from mart_ageing where side = 'customer'")[0][0]
}

// TestSameFileTwice: loading the same bytes again changes nothing and says so.
func TestSameFileTwice(t *testing.T) {
	dir := newProject(t, "")
	path := writeFile(t, dir, "acme.txt", year(6))
	must(t, "ingest", "--project", dir, "--kind", "fec", path)
	r := run(t, "ingest", "--project", dir, "--kind", "fec", path)
	if r.code != 0 || !strings.Contains(r.err, "nothing to do, these bytes are already loaded") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if lines := strings.Count(must(t, "batches", "--project", dir), "\n"); lines != 2 {
		t.Errorf("%d batches, want one", lines-1)
	}
}

// TestLaterCutSupersedes: a later cut of the same fiscal year takes the place of
// the first; both stay in the landing zone and no line counts twice.
func TestLaterCutSupersedes(t *testing.T) {
	dir := newProject(t, "")
	must(t, "ingest", "--project", dir, "--kind", "fec", writeFile(t, dir, "march.txt", year(6)))
	must(t, "build", "--project", dir)
	if got := balance(t, dir); got != "350.00" {
		t.Errorf("first cut: %s, want 350.00", got)
	}
	must(t, "ingest", "--project", dir, "--kind", "fec", writeFile(t, dir, "december.txt", year(12)))
	must(t, "build", "--project", dir)
	if got := balance(t, dir); got != "390.00" {
		t.Errorf("second cut: %s, want 390.00", got)
	}
	batches := must(t, "batches", "--project", dir)
	if strings.Count(batches, "\n") != 3 || strings.Count(batches, "took its place") != 1 {
		t.Errorf("want both batches, one of which counts:\n%s", batches)
	}
}

// TestOverlappingYearIsRefused: a file whose period overlaps another fiscal year of
// the entity is refused with both named.
func TestOverlappingYearIsRefused(t *testing.T) {
	dir := newProject(t, "")
	must(t, "ingest", "--project", dir, "--kind", "fec", writeFile(t, dir, "acme.txt", year(12)))
	other := writeFile(t, dir, "other.txt", header+invoice(1, "20240701", "C9", "X1", "10,00"))
	refuse(t, exitFailed, "2024-07-01", "ingest", "--project", dir, "--kind", "fec", "--fiscal-year-start", "2024-07-01", other)
	refuse(t, exitFailed, "acme.txt", "ingest", "--project", dir, "--kind", "fec", "--fiscal-year-start", "2024-07-01", other)
	if lines := strings.Count(must(t, "batches", "--project", dir), "\n"); lines != 2 {
		t.Errorf("the refused file left a batch")
	}
}

// TestFiscalYearStart: option, encours.yaml, opening entries, file name, question.
func TestFiscalYearStart(t *testing.T) {
	plain := header + invoice(1, "20240701", "C1", "FA1", "10,00")
	for _, c := range []struct{ name, yaml, file, text, option, want string }{
		{"option", "", "a.txt", year(6), "2023-10-01", "fiscal year from 2023-10-01"},
		{"encours.yaml day", "    fiscal_year_start: \"04-01\"\n", "a.txt", plain, "", "fiscal year from 2024-04-01"},
		{"encours.yaml list", "    fiscal_years: [2024-02-01]\n", "a.txt", plain, "", "fiscal year from 2024-02-01"},
		{"opening entries", "", "111111111FEC20991231.txt", year(6), "", "fiscal year from 2024-01-01"},
		{"file name", "", "111111111FEC20240930.txt", plain, "", "fiscal year from 2023-10-01"},
		{"name that lies", "", "111111111FEC20500930.txt", plain, "", "cannot be told"},
		{"nothing tells", "", "a.txt", plain, "", "cannot be told"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := newProject(t, c.yaml)
			args := []string{"ingest", "--project", dir, "--kind", "fec", writeFile(t, dir, c.file, c.text)}
			if c.option != "" {
				args = append(args, "--fiscal-year-start", c.option)
			}
			if r := run(t, args...); !strings.Contains(r.err, c.want) {
				t.Errorf("exit %d: %s\nwant %q", r.code, r.err, c.want)
			}
		})
	}
}

// TestBadInput: each kind of bad file gets its message, and nothing is half loaded.
func TestBadInput(t *testing.T) {
	comma := func(text string) string { // the decimal comma of amounts becomes a tab
		head, body, _ := strings.Cut(text, "\n")
		return head + "\n" + strings.ReplaceAll(body, ",00", "\t00")
	}
	for _, c := range []struct {
		name, text, want string
	}{
		{"empty", "", "empty"},
		{"header only", header, "no line"},
		{"binary", "\x7fELF\x00\x00\x01\x02" + strings.Repeat("\x00\x01", 500), "refused"},
		{"not a FEC", "name;amount\nx;1\n", "EcritureDate"},
		{"decimal comma turned into a tab", comma(year(12)), "decimal comma"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := newProject(t, "")
			path := writeFile(t, dir, "111111111FEC20241231.txt", c.text)
			refuse(t, exitFailed, c.want, "ingest", "--project", dir, "--kind", "fec", path)
			nothingLanded(t, dir)
		})
	}
	t.Run("directory", func(t *testing.T) {
		dir := newProject(t, "")
		refuse(t, exitFailed, "directory", "ingest", "--project", dir, "--kind", "fec", dir)
		nothingLanded(t, dir)
	})
	t.Run("missing", func(t *testing.T) {
		dir := newProject(t, "")
		refuse(t, exitFailed, "no such file", "ingest", "--project", dir, "--kind", "fec", filepath.Join(dir, "none.txt"))
	})
}

func nothingLanded(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "data", "landing", "*", "*"))
	if err != nil || len(files) > 0 {
		t.Errorf("left behind: %v %v", files, err)
	}
	if out := must(t, "status", "--project", dir); !strings.Contains(out, "0 batches") {
		t.Errorf("status: %s", out)
	}
}

// TestCutAndLongLines: a file cut in mid-line and a very long line are rejected with
// line and reason; the lines around them load; the exit code says so.
func TestCutAndLongLines(t *testing.T) {
	dir := newProject(t, "")
	text := year(12)
	long := "VE\tVentes\t9\t20240301\t411000\tClients\tC1\tC1\tX\t20240301\t" + strings.Repeat("x", 3<<20) + "\t1,00\t0,00\t\t\t\t\t\n"
	cut := text + long + "VE\tVentes\t10\t202404"
	r := run(t, "ingest", "--project", dir, "--kind", "fec", writeFile(t, dir, "acme.txt", cut))
	if r.code != exitRejects || !strings.Contains(r.err, "2 rejected") {
		t.Fatalf("exit %d: %s", r.code, r.err)
	}
	out := must(t, "rejects", "--project", dir)
	for _, want := range []string{"acme.txt:9", "acme.txt:10", "cut in mid-line"} {
		if !strings.Contains(out, want) {
			t.Errorf("rejects lack %q:\n%.2000s", want, out)
		}
	}
	must(t, "build", "--project", dir)
	if got := balance(t, dir); got != "390.00" {
		t.Errorf("the good lines give %s, want 390.00", got)
	}
}

// TestHugeLineStaysInBounds sends one line of a gigabyte through the program, as a
// sparse file, in a process whose memory is limited by the system.
func TestHugeLineStaysInBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("a line of a gigabyte")
	}
	dir := newProject(t, "")
	path := filepath.Join(dir, "111111111FEC20241231.txt")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	chunk := bytes.Repeat([]byte("x"), 1<<20)
	write := func(b []byte) {
		if _, err := f.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	write([]byte(year(12)))
	for range 1024 {
		write(chunk)
	}
	write([]byte("\n" + invoice(20, "20241101", "C3", "FA9", "7,00")))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := process(t.Context(), "ingest", "--project", dir, "--kind", "fec", path)
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != exitRejects {
		t.Fatalf("%v: %s", err, out.String())
	}
	if peak := peakMemory(cmd); peak > 700<<20 {
		t.Errorf("peak memory %d MB for a line of 1 GB", peak>>20)
	}
	must(t, "build", "--project", dir)
	if got := balance(t, dir); got != "397.00" {
		t.Errorf("the good lines give %s, want 397.00", got)
	}
}

// TestByteEqualBuilds: the demo knows who its customers and suppliers are, and two builds
// of the same landing zone give the same bytes, by one thread or by several.
func TestByteEqualBuilds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	must(t, "demo", dir, "--no-serve")
	checkDemoCompanies(t, dir)
	export := func() map[string]string {
		out := map[string]string{}
		for _, name := range []string{
			"ageing", "open-items", "kpis", "reconciliation", "counterparty-attributes", "duplicates", "crm-accounts", "ratings",
		} {
			for _, entity := range []string{"", "ALPHA"} {
				out[name+entity] = must(t, "report", name, "--project", dir, "--entity", entity, "--format", "csv")
			}
		}
		return out
	}
	first := export()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	must(t, "build", "--project", dir)
	for name, text := range export() {
		if text != first[name] {
			t.Errorf("%s differs between two builds of the same landing zone", name)
		}
	}
}
