package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// auditSummary is what the audit of one ledger says of it as a whole.
type auditSummary struct {
	Entity string
	Parts  []string
	Rows   int
	Start  string `json:"fiscal_year_start"`
	Debit  float64
}

// summaries audits files and returns the summary of each ledger among them.
func summaries(t *testing.T, args ...string) (found []auditSummary) {
	t.Helper()
	var report struct{ Files []auditSummary }
	if err := json.Unmarshal([]byte(must(t, append([]string{"audit", "--format", "json"}, args...)...)), &report); err != nil {
		t.Fatal(err)
	}
	return report.Files
}

// TestAuditOfArchives: an archive, a split ledger and the XML form are audited as they
// are loaded, as one ledger, and say the same of it.
func TestAuditOfArchives(t *testing.T) {
	lines := shapeLedger()
	plain := textForm(lines, "\t", "\n", shapeNames)
	third := len(lines) / 3
	part := func(i int) []byte { return textForm(lines[i*third:(i+1)*third], "\t", "\n", shapeNames) }
	xml := xmlLedger(lines, false)
	want := summaries(t, "--entity", "ACME", writeFile(t, t.TempDir(), auditName, string(plain)))
	if len(want) != 1 || want[0].Rows != len(lines) || want[0].Debit == 0 || want[0].Start != "2024-01-01" {
		t.Fatalf("%+v", want)
	}
	for _, c := range []struct {
		name  string
		files map[string][]byte
		args  []string
		parts []string
	}{
		{name: "gzip", files: map[string][]byte{auditName + ".gz": compressed(t, plain)}},
		{name: "zip", files: map[string][]byte{"a.zip": zipped(t, "notice.pdf", []byte("%PDF"), auditName, plain)}},
		{
			name: "zip of three parts", parts: []string{"p1.txt", "p2.txt", "p3.txt"},
			files: map[string][]byte{"732829320FEC20241231.zip": zipped(t, "p3.txt", part(2), "p1.txt", part(0), "p2.txt", part(1))},
		},
		{
			name: "three parts by name", parts: []string{"l_part1.txt", "l_part2.txt", "l_part3.txt"},
			files: map[string][]byte{"l_part1.txt": part(0), "l_part2.txt": part(1), "l_part3.txt": part(2)},
		},
		{
			name: "two parts by option", args: []string{"--parts"}, parts: []string{"a.txt", "b.txt"},
			files: map[string][]byte{"b.txt": textForm(lines[third:], "\t", "\n", shapeNames), "a.txt": part(0)},
		},
		{name: "XML", files: map[string][]byte{"ledger.xml": xml}},
		{name: "XML, gzip", files: map[string][]byte{"ledger.xml.gz": compressed(t, xml)}},
		{name: "XML, zip", files: map[string][]byte{"ledger.zip": zipped(t, "ledger.xml", xml)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, args := t.TempDir(), append([]string{"--entity", "ACME"}, c.args...)
			for name, data := range c.files {
				args = append(args, writeFile(t, dir, name, string(data)))
			}
			got := summaries(t, args...)
			if len(got) != 1 {
				t.Fatalf("%d ledgers: %+v", len(got), got)
			}
			if !slices.Equal(got[0].Parts, c.parts) {
				t.Errorf("parts %q, want %q", got[0].Parts, c.parts)
			}
			if got[0].Parts = want[0].Parts; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%+v\nwant %+v", got, want)
			}
		})
	}
}

// TestAuditNamesWithinArchives: the name of the file in an archive tells company and
// year; a bomb and an archive of two ledgers are part of the report.
func TestAuditNamesWithinArchives(t *testing.T) {
	dir := t.TempDir()
	plain := []byte(header + invoice(1, "20240315", "C1", "FA1", "100,00"))
	got := summaries(t, writeFile(t, dir, "from-the-accountant.zip", string(zipped(t, auditName, plain))))
	if len(got) != 1 || got[0].Entity != "732829320" || got[0].Start != "2024-01-01" {
		t.Errorf("%+v", got)
	}
	two := zipped(t, auditName, plain, "732829320FEC20231231.txt", plain)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"two.zip":  {two, "several ledgers (2023-12-31 and 2024-12-31)"},
		"bomb.txt": {compressed(t, []byte(header+strings.Repeat("\n", 70<<20))), "more than 100 times as many"},
	} {
		if out := must(t, "audit", writeFile(t, dir, name, string(c.data))); !strings.Contains(out, c.want) {
			t.Errorf("%s: %s", name, out)
		}
	}
	if out := must(t, "audit", "--lang", "fr", filepath.Join(dir, "from-the-accountant.zip")); strings.Contains(out, "Parties") {
		t.Errorf("one file is shown as parts:\n%s", out)
	}
}

// TestAuditNotesInFrench: what the reader says of a file is in the language of the
// report, in every format.
func TestAuditNotesInFrench(t *testing.T) {
	dir := t.TempDir()
	ledger := strings.ReplaceAll(header+invoice(1, "20240315", "C1", "FA1", "100,00"), "\t", ";")
	path := writeFile(t, dir, "732829320FEC20221231.zip", string(zipped(t, "notice.pdf", []byte("%PDF"), "732829320FEC20221231.txt", []byte(ledger))))
	for lang, wants := range map[string][]string{
		"en": {"is a document and no ledger", "the separator is a semicolon", "the file name says that the fiscal year ends on 2022-12-31"},
		"fr": {"est un document et non une", "le séparateur est un point-virgule", "le nom du fichier indique une clôture au 2022-12-31"},
	} {
		for _, format := range []string{"text", "json", "html"} {
			out := must(t, "audit", "--lang", lang, "--format", format, path)
			for _, want := range wants {
				if !strings.Contains(out, want) {
					t.Errorf("%s in %s lacks %q:\n%s", format, lang, want, out)
				}
			}
		}
	}
}
