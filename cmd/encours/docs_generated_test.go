package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/graph"
)

var update = flag.Bool("update", false, "write the generated parts of the documentation again")

// headers reads the headers of the SQL files of a folder, by name.
func headers(t *testing.T, folder string) (names []string, byName map[string]graph.Header) {
	t.Helper()
	entries, err := sqlfiles.Files.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	byName = map[string]graph.Header{}
	for _, entry := range entries {
		name, isSQL := strings.CutSuffix(entry.Name(), ".sql")
		if !isSQL {
			continue
		}
		raw, err := sqlfiles.Files.ReadFile(folder + "/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		header, err := graph.ParseHeader(string(raw))
		if err != nil {
			t.Fatalf("%s/%s: %v", folder, entry.Name(), err)
		}
		names, byName[name] = append(names, name), header
	}
	return names, byName
}

// cell writes a text into a cell of a Markdown table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(s)
}

// dictionary writes every mart with its columns.
func dictionary(t *testing.T) string {
	var b strings.Builder
	names, marts := headers(t, "marts")
	for _, name := range names {
		h := marts[name]
		fmt.Fprintf(&b, "\n### %s\n\n%s Grain: %s. Key: `%s`.\n\n| column | meaning |\n|--|--|\n",
			name, h.Question, h.Grain, strings.Join(h.Key, "`, `"))
		for _, column := range h.Columns {
			fmt.Fprintf(&b, "| `%s` | %s |\n", column.Name, cell(column.Meaning))
		}
	}
	return b.String() + "\n"
}

// checkList writes every check with what its rows mean.
func checkList(t *testing.T) string {
	var b strings.Builder
	b.WriteString("\n| check | severity | rows mean |\n|--|--|--|\n")
	names, checks := headers(t, "checks")
	for _, name := range names {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, checks[name].Severity, cell(checks[name].Sentence))
	}
	return b.String() + "\n"
}

// auditList writes every check of the audit, by identifier.
func auditList(t *testing.T) string {
	var b strings.Builder
	b.WriteString("\n| check | severity | finding | what to do |\n|--|--|--|--|\n")
	names, checks := headers(t, "audit/checks")
	for _, name := range names {
		h := checks[name]
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", h.ID, h.Severity, cell(h.Sentence), cell(h.Advice))
	}
	return b.String() + "\n"
}

// valueLists writes the fields of the landing contract that take a few values only.
func valueLists(t *testing.T) string {
	tables, err := sqlfiles.Schemas()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("\n| dataset | field | values |\n|--|--|--|\n")
	for _, table := range tables {
		for _, column := range table.Columns {
			if len(column.Values) > 0 {
				fmt.Fprintf(&b, "| `%s` | `%s` | `%s` |\n", table.Name, column.Name, strings.Join(column.Values, "`, `"))
			}
		}
	}
	return b.String() + "\n"
}

// columnList writes the columns of a reference table.
func columnList(t *testing.T, name string) string {
	table, err := sqlfiles.Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n\n| column | type | meaning |\n|--|--|--|\n", table.Comment)
	for _, column := range table.Columns {
		kind := column.Type
		if !column.NotNull {
			kind += ", may be empty"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", column.Name, kind, cell(column.Comment))
	}
	return b.String() + "\n"
}

// TestDocsGeneratedParts compares what stands between the marks of a page with
// what the SQL says; -update writes it.
func TestDocsGeneratedParts(t *testing.T) {
	type part struct{ file, mark, want string }
	parts := []part{
		{"connect-bi.md", "dictionary", dictionary(t)},
		{"operate.md", "checks", checkList(t)},
		{"audit-extracts.md", "audit", auditList(t)},
		{"load-table.md", "values", valueLists(t)},
	}
	entries, err := sqlfiles.Files.ReadDir("ref")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".csv")
		parts = append(parts, part{"reference-tables.md", "ref_" + name, columnList(t, "ref_"+name)})
		if !strings.Contains(page(t, "reference-tables.md"), "## "+entry.Name()) {
			t.Errorf("reference-tables.md has no section on %s", entry.Name())
		}
	}
	for _, p := range parts {
		whole := page(t, p.file)
		begin := regexp.MustCompile(`<!-- ` + p.mark + `: [^\n]* -->\n`).FindStringIndex(whole)
		end := strings.Index(whole, "<!-- end of "+p.mark+" -->")
		if begin == nil || end < begin[1] {
			t.Errorf("%s: the marks of %s are missing", p.file, p.mark)
			continue
		}
		if whole[begin[1]:end] == p.want {
			continue
		}
		if !*update {
			t.Errorf("%s: %s is not what the SQL says; run: go test -tags duckdb_arrow ./cmd/encours -run TestDocs -update", p.file, p.mark)
			continue
		}
		if err := os.WriteFile("docs/"+p.file, []byte(whole[:begin[1]]+p.want+whole[end:]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDocsDecisions wants every decision that a model names to be written down,
// every one written down to be named by a model or a page, and each to be short.
func TestDocsDecisions(t *testing.T) {
	const longest = 20
	written, last := map[int]bool{}, 0
	sections := strings.Split(text(t, "sql/DECISIONS.md"), "\n## ")
	for _, section := range sections[1:] {
		head, _, _ := strings.Cut(section, ".")
		number, err := strconv.Atoi(head)
		if err != nil || number <= last {
			t.Errorf("decision %q stands after decision %d: numbers ascend", head, last)
		}
		written[number], last = true, number
		if lines := strings.Count(strings.TrimSpace(section), "\n") + 1; lines > longest {
			t.Errorf("decision %d has %d lines, want %d at most", number, lines, longest)
		}
		for _, word := range []string{"**Context.**", "**Choice.**", "**Example.**", "**Consequence.**"} {
			if !strings.Contains(section, word) {
				t.Errorf("decision %d has no %s", number, word)
			}
		}
	}
	named := map[int]bool{}
	for _, folder := range []string{"staging", "intermediate", "marts", "checks"} {
		names, byName := headers(t, folder)
		for _, name := range names {
			for _, number := range byName[name].Decisions {
				named[number] = true
				if !written[number] {
					t.Errorf("%s/%s.sql names decision %d, which is not in sql/DECISIONS.md", folder, name, number)
				}
			}
		}
	}
	for _, name := range documents(t) {
		for _, match := range regexp.MustCompile(`decisions?\s+(\d+)`).FindAllStringSubmatch(text(t, name), -1) {
			number, _ := strconv.Atoi(match[1])
			named[number] = true
			if !written[number] {
				t.Errorf("%s names decision %d, which is not in sql/DECISIONS.md", name, number)
			}
		}
	}
	for number := range written {
		if !named[number] {
			t.Errorf("decision %d is named by no model and no page", number)
		}
	}
}
