package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/project"
)

// repository is the top of the repository from the folder of this test.
const repository = "../.."

// text reads a file of the repository.
func text(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(repository, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func page(t *testing.T, name string) string { return text(t, "cmd/encours/docs/"+name) }

// documents lists the README and the task pages, from the top of the repository.
func documents(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("docs/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	all := []string{"README.md"}
	for _, file := range files {
		all = append(all, "cmd/encours/"+filepath.ToSlash(file))
	}
	return all
}

func TestDocsAreHelpTopics(t *testing.T) {
	readme := text(t, "README.md")
	for _, name := range documents(t)[1:] {
		topic := strings.TrimSuffix(filepath.Base(name), ".md")
		if got, want := must(t, "help", topic), text(t, name); strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("encours help %s does not print %s", topic, name)
		}
		if !strings.Contains(readme, "]("+name+")") {
			t.Errorf("README.md does not lead to %s", name)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestDocsLinksLeadSomewhere(t *testing.T) {
	for _, name := range append(documents(t), "sql/DECISIONS.md", "CHANGELOG.md") {
		for _, match := range link.FindAllStringSubmatch(text(t, name), -1) {
			target, _, _ := strings.Cut(match[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(repository, filepath.Dir(name), target)); err != nil {
				t.Errorf("%s: the link %s leads nowhere", name, match[1])
			}
		}
	}
}

// TestDocsPicture wants the picture of the README to be light enough for a page.
func TestDocsPicture(t *testing.T) {
	const picture = "cmd/encours/docs/overview.png"
	info, err := os.Stat(filepath.Join(repository, picture))
	if err != nil || !strings.Contains(text(t, "README.md"), "]("+picture+")") {
		t.Fatalf("README.md does not show %s: %v", picture, err)
	}
	if info.Size() > 300_000 {
		t.Errorf("%s weighs %d bytes, more than 300 kB", picture, info.Size())
	}
}

func TestDocsWhereIsTable(t *testing.T) {
	_, section, ok := strings.Cut(text(t, "README.md"), "## Where is")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := 0
	for line := range strings.Lines(section) {
		if !ok || !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| question") {
			continue
		}
		rows++
		if !link.MatchString(line) {
			t.Errorf("a row of the table names no file: %s", line)
		}
	}
	if rows < 15 {
		t.Errorf("the table of README.md has %d rows, want 15 at least", rows)
	}
}

// TestDocsNameEveryKey reads the keys of encours.yaml from the messages by which
// the program refuses an unknown one, level by level.
func TestDocsNameEveryKey(t *testing.T) {
	const probe = `version: 1
zz: 1
entities: [{id: A, zz: 1, payment_terms: {zz: 1, customer: {zz: 1}}}]
intercompany: [{zz: 1}]
targets: [{zz: 1}]
factored: [{zz: 1}]
late_interest: [{zz: 1}]
insolvency: [{zz: 1}]
sources: [{zz: 1, watch: {zz: 1}, columns: {FIELD: {zz: 1, negative_when: {zz: 1}, by_sign: {zz: 1}}}, queries: [{zz: 1}]}]
rejects: {zz: 1}
build: {zz: 1}
resources: {zz: 1}
serve: {zz: 1}
push: {zz: 1}
payment_terms_report: {zz: 1}
`
	path := filepath.Join(t.TempDir(), project.FileName)
	if err := os.WriteFile(path, []byte(probe), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := project.Load(path)
	if err == nil {
		t.Fatal("unknown keys are accepted")
	}
	described := page(t, "project-file.md")
	levels := regexp.MustCompile(`: ([A-Za-z_.\[\]0-9]*)zz: unknown key "zz": the keys here are (.*)`).FindAllStringSubmatch(err.Error(), -1)
	if len(levels) != 21 {
		t.Fatalf("%d levels of keys found in:\n%v", len(levels), err)
	}
	for _, level := range levels {
		prefix := regexp.MustCompile(`\[\d+\]`).ReplaceAllString(level[1], "")
		for key := range strings.SplitSeq(level[2], ", ") {
			if !strings.Contains(described, "\n| `"+prefix+key+"` |") {
				t.Errorf("project-file.md has no row for the key %s%s", prefix, key)
			}
		}
	}
}

func TestDocsProjectFileIsValid(t *testing.T) {
	found := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(page(t, "project-file.md"))
	if found == nil {
		t.Fatal("project-file.md shows no encours.yaml")
	}
	path := filepath.Join(t.TempDir(), project.FileName)
	if err := os.WriteFile(path, []byte(found[1]), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := project.Load(path); err != nil {
		t.Error(err)
	}
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]*`) \\| `([^`]*)` \\| (\\d{4}-\\d\\d-\\d\\d)").FindAllStringSubmatch(page(t, "project-file.md"), -1) {
		for _, written := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			terms, err := project.ParseTerms(written[1], project.DaysFirst)
			if err != nil || terms.Code != row[2] {
				t.Errorf("payment terms %q are %s (%v), the page says %s", written[1], terms.Code, err, row[2])
			}
			if due := terms.Due(time.Date(2025, 1, 15, 0, 0, 0, 0, time.UTC)).Format(time.DateOnly); due != row[3] {
				t.Errorf("payment terms %q are due on %s, the page says %s", written[1], due, row[3])
			}
		}
	}
}

func TestDocsNameReportsFormatsAndCodes(t *testing.T) {
	described := page(t, "reports.md")
	for _, d := range reports.Definitions() {
		if !strings.Contains(described, "\n| `"+d.Name+"` |") {
			t.Errorf("reports.md has no row for the report %s", d.Name)
		}
	}
	for _, format := range reports.Formats() {
		if !strings.Contains(described, "\n| `"+format+"` |") {
			t.Errorf("reports.md has no row for the format %s", format)
		}
	}
	codes := regexp.MustCompile(`(?m)^\texit[A-Z]\w+ += (\d+)`).FindAllStringSubmatch(text(t, "cmd/encours/main.go"), -1)
	if len(codes) < 5 {
		t.Fatalf("%d exit codes found in main.go", len(codes))
	}
	for _, code := range codes {
		if !strings.Contains(page(t, "load-fec.md"), "\n| "+code[1]+" | ") {
			t.Errorf("load-fec.md has no row for the exit code %s", code[1])
		}
	}
}

func TestDocsNameEnvironmentAndTargets(t *testing.T) {
	var all strings.Builder
	for _, name := range documents(t) {
		all.WriteString(text(t, name))
	}
	variable := regexp.MustCompile(`"(ENCOURS_[A-Z_]+)"`)
	seen := 0
	err := filepath.WalkDir(repository, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, match := range variable.FindAllSubmatch(source, -1) {
			seen++
			if !strings.Contains(all.String(), string(match[1])) {
				t.Errorf("%s reads %s, which no page names", path, match[1])
			}
		}
		return err
	})
	if err != nil || seen < 2 {
		t.Errorf("%d environment variables found: %v", seen, err)
	}
	targets := regexp.MustCompile(`(?m)^([a-z-]+):.*## `).FindAllStringSubmatch(text(t, "Makefile"), -1)
	for _, target := range targets {
		if name := target[1]; name != "help" && !strings.Contains(text(t, "README.md"), "make "+name) {
			t.Errorf("README.md does not name `make %s`", name)
		}
	}
	for _, match := range regexp.MustCompile("(?m)(?:^|`)make ([a-z-]+)").FindAllStringSubmatch(all.String(), -1) {
		if !slices.ContainsFunc(targets, func(target []string) bool { return target[1] == match[1] }) {
			t.Errorf("`make %s` is no target", match[1])
		}
	}
}
