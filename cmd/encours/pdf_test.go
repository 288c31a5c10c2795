package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPDFEndToEnd writes the documents of the demo by the command: four pages for the
// board whatever the selection, one statement, and no file where there is none.
func TestPDFEndToEnd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	must(t, "demo", dir, "--no-serve")
	out := filepath.Join(t.TempDir(), "out.pdf")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"group":     {[]string{"kpi-pack", "--lang", "fr"}, "Page 4 sur 4"},
		"English":   {[]string{"kpi-pack"}, "Page 4 of 4"},
		"entity":    {[]string{"kpi-pack", "--entity", "BETA", "--as-of", "2024-05-17"}, "Page 4 of 4"},
		"suppliers": {[]string{"kpi-pack", "--side", "supplier", "--lang", "fr"}, "Page 4 sur 4"},
		"statement": {[]string{"statement", "--entity", "ALPHA", "--counterparty", "C00003", "--lang", "fr"}, "Relevé de compte"},
		"D. 441-6":  {[]string{"payment-terms-report", "--entity", "ALPHA"}, "Page 2 sur 2"},
	} {
		must(t, append([]string{"report", "--project", dir, "-o", out}, c.args...)...)
		raw, err := os.ReadFile(out)
		if err != nil || !bytes.HasPrefix(raw, []byte("%PDF-")) {
			t.Fatalf("%s: %v, begins with %.10q", name, err, raw)
		}
		if text := pdfText(t, out); !strings.Contains(text, c.want) {
			t.Errorf("%s: no %q in\n%s", name, c.want, text)
		}
		if err := os.Remove(out); err != nil {
			t.Fatal(err)
		}
	}
	report := func(args ...string) []string { return append([]string{"report", "--project", dir, "-o", out}, args...) }
	refuse(t, exitUsage, "its formats are: csv, xlsx, parquet, arrow, json", report("open-items")...)
	refuse(t, exitUsage, "name it with --counterparty", report("statement")...)
	refuse(t, exitUsage, "leave --counterparty out", report("kpi-pack", "--counterparty", "C1")...)
	refuse(t, exitUsage, "the languages are: en, fr", report("kpi-pack", "--lang", "de")...)
	refuse(t, exitFailed, "choose an entity", report("statement", "--counterparty", "C00003")...)
	refuse(t, exitFailed, "nothing under this identifier", report("statement", "--counterparty", "NOBODY")...)
	if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a refused report left a file: %v", err)
	}
}

func pdfText(t *testing.T, file string) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is missing: install poppler-utils")
		}
		t.Skip("pdftotext is missing: install poppler-utils to read the pages")
	}
	out, err := exec.Command("pdftotext", "-layout", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
