package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDataDictionary: every mart, column, check, decision and reference table is in
// it, in both formats, and a table that the project overrides is said to be.
func TestDataDictionary(t *testing.T) {
	dir := newProject(t, "")
	if err := os.Mkdir(filepath.Join(dir, "ref"), 0o755); err != nil {
		t.Fatal(err)
	}
	buckets := text(t, "sql/ref/ageing_buckets.csv")
	writeFile(t, filepath.Join(dir, "ref"), "ageing_buckets.csv", strings.ReplaceAll(buckets, "181+", "more than 180"))
	path := filepath.Join(dir, "dictionary.html")
	must(t, "docs", "--project", dir, "--format", "html", "-o", path)
	html, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]string{"markdown": must(t, "docs", "--project", dir), "html": string(html)}
	for format, page := range whole {
		for _, folder := range []string{"marts", "checks"} {
			names, byName := headers(t, folder)
			for _, name := range names {
				if !strings.Contains(page, name) {
					t.Errorf("%s: %s is missing", format, name)
				}
				for _, column := range byName[name].Columns {
					if !strings.Contains(page, column.Name) {
						t.Errorf("%s: column %s of %s is missing", format, column.Name, name)
					}
				}
			}
		}
		for _, want := range []string{"decision-1", "decision-29", "ref_control_accounts", "more than 180", filepath.Join("ref", "ageing_buckets.csv")} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: %q is missing", format, want)
			}
		}
	}
	found := must(t, "docs", "--project", dir, "--search", "countback")
	if !strings.Contains(found, "### mart_kpis_monthly") || strings.Contains(found, "### mart_disputes") {
		t.Error("the search keeps something else")
	}
	// outside a project everything is as shipped
	if out := must(t, "docs", "--project", t.TempDir()); strings.Contains(out, "Overridden by") {
		t.Error("something is overridden where there is no project")
	}
	refuse(t, exitUsage, "--format", "docs", "--format", "pdf")
}
