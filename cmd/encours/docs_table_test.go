package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/encours/encours/ingest/table"
	"github.com/encours/encours/warehouse/project"

	sqlfiles "github.com/encours/encours/sql"
)

// TestDocsTable wants every preset, format, dataset and reason of a reject to be on
// the page, and its sources to be valid.
func TestDocsTable(t *testing.T) {
	described := page(t, "load-table.md")
	presets, err := table.Presets()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range presets {
		if !strings.Contains(described, "\n| `"+p.Name+"` |") {
			t.Errorf("load-table.md has no row for the preset %s", p.Name)
		}
	}
	for _, format := range table.Formats() {
		if !strings.Contains(described, strings.ToUpper(format)) && !strings.Contains(described, "Parquet") {
			t.Errorf("load-table.md does not name the format %s", format)
		}
	}
	datasets, err := sqlfiles.Datasets()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range datasets {
		if name != "ledger_entries" && !strings.Contains(described, "`"+name+"`") {
			t.Errorf("load-table.md does not name the dataset %s", name)
		}
	}
	files, err := filepath.Glob(repository + "/ingest/table/*.go")
	if err != nil {
		t.Fatal(err)
	}
	reason := regexp.MustCompile(`"((?:boolean|cell|charset|date|fields|json|line|mapping|number|quote|value)\.[a-z_]+)"`)
	seen := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range reason.FindAllSubmatch(source, -1) {
			seen++
			if !strings.HasSuffix(file, "_test.go") && !strings.Contains(described, "`"+string(m[1])+"`") {
				t.Errorf("load-table.md does not name the reason %s", m[1])
			}
		}
	}
	if seen < 15 {
		t.Errorf("%d reasons found in the code", seen)
	}
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(described, -1) {
		path := filepath.Join(t.TempDir(), project.FileName)
		if err := os.WriteFile(path, []byte("version: 1\nentities:\n  - id: ALPHA\n"+block[1]), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := project.Load(path); err != nil {
			t.Error(err)
		}
	}
}
