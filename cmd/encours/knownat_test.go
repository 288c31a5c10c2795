package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/landing"
)

// TestKnownAt: a year cut in March and in December. What was known in April is the
// first cut, today it is the second; before the first nothing was known. A report
// of what is built already waits for no writer, one that is not does not start
// beside one.
func TestKnownAt(t *testing.T) {
	dir := newProject(t, "")
	for _, cut := range []struct {
		name, day string
		invoices  int
	}{{"march.txt", "2024-04-01", 6}, {"december.txt", "2025-01-15", 12}} {
		must(t, "ingest", "--project", dir, "--kind", "fec", "--extract-date", cut.day, writeFile(t, dir, cut.name, year(cut.invoices)))
	}
	must(t, "build", "--project", dir)
	report := func(at string) []string {
		return []string{"report", "reconciliation", "--project", dir, "--known-at", at, "--as-of", "2024-12-31", "--format", "csv"}
	}
	early := must(t, report("2024-04-30")...)
	if !strings.Contains(early, ",350.00,350.00,350.00,0.00") {
		t.Errorf("known in April 2024:\n%s", early)
	}
	if late := must(t, report("2025-02-01")...); !strings.Contains(late, ",390.00,390.00,390.00,0.00") {
		t.Errorf("known in February 2025:\n%s", late)
	}
	refuse(t, exitFailed, "known", report("2024-03-31")...)
	lock, err := landing.Acquire(filepath.Join(dir, "data"), "test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if again := must(t, report("2024-04-30")...); again != early {
		t.Errorf("beside a writer:\n%s\nwant\n%s", again, early)
	}
	refuse(t, exitFailed, "test", report("2024-12-31")...)
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
}
