package fec

import (
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// realFile is a file of the folder beside the repository, which not every
// checkout has.
func realFile(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "fec", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here: the test reads a real file kept beside the repository", path)
	}
	return path
}

func TestRealTabFile(t *testing.T) {
	l, err := readPath(t, realFile(t, "123456789FEC20500930.txt"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if l.stats.Rows != 10756 || l.stats.Rejects != 0 || l.file.Charset != UTF8 || l.file.LineEnd != "CR CR LF" || l.file.Separator != '\t' {
		t.Errorf("stats %+v, first rejects %+v", l.stats, l.rejects[:min(3, len(l.rejects))])
	}
	if a, b := l.stats.FirstDate.Format(time.DateOnly), l.stats.LastDate.Format(time.DateOnly); a != "2022-04-01" || b != "2023-04-30" {
		t.Errorf("dates %s to %s", a, b)
	}
	if got := balance(t, l, "411"); got != "128200.50" {
		t.Errorf("the balance of 411 is %s, want 128200.50", got)
	}
	if all := strings.Join(l.rows, "\n"); !strings.Contains(all, "Personnel extérieur à l'entreprise") || !strings.HasPrefix(l.rows[10755], "10757|") {
		t.Errorf("accents or line numbers are wrong; the last row is %q", l.rows[10755])
	}
}

func TestRealPipeFile(t *testing.T) {
	l, err := readPath(t, realFile(t, "111111111FEC20221231.TXT"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if l.stats.Rows != 934 || l.stats.Rejects != 0 || l.file.Charset != CP850 || l.file.LineEnd != "LF" || l.file.Separator != '|' {
		t.Errorf("stats %+v, evidence %s, first rejects %+v", l.stats, l.file.Evidence, l.rejects[:min(3, len(l.rejects))])
	}
	if all := strings.Join(l.rows, "\n"); !strings.Contains(all, "CREAT° MAQUETTE ET") || strings.Count(all, "°") != 6 {
		t.Errorf("the degree signs are not read")
	}
	if got := balance(t, l, ""); got != "0.00" {
		t.Errorf("debits less credits are %s", got)
	}
}

// balance adds up debit less credit of the accounts that start with a prefix.
func balance(t *testing.T, l loaded, prefix string) string {
	t.Helper()
	sum := new(big.Rat)
	for _, row := range l.rows {
		f := strings.Split(row, "|")
		if !strings.HasPrefix(f[6], prefix) {
			continue
		}
		d, okDebit := new(big.Rat).SetString(f[13])
		c, okCredit := new(big.Rat).SetString(f[14])
		if !okDebit || !okCredit {
			t.Fatalf("bad amounts in %q", row)
		}
		sum.Add(sum, d).Sub(sum, c)
	}
	return sum.FloatString(2)
}

func TestNameFacts(t *testing.T) {
	for _, c := range []struct {
		path, siren, end string
		ok               bool
	}{
		{"/x/123456789FEC20241231.txt", "123456789", "2024-12-31", true},
		{"123456789fec20240630.csv", "123456789", "2024-06-30", true},
		{"123 456 789 FEC20241231.txt", "123456789", "2024-12-31", true},
		{"alphaFEC20241231.txt", "", "2024-12-31", true},
		{"FECFEC20241231", "", "2024-12-31", true},
		{"123456789FEC20240231.txt", "", "", false},
		{"export.txt", "", "", false},
		{"123456789FEC20241231/export.txt", "", "", false},
	} {
		siren, end, ok := NameFacts(c.path)
		day := ""
		if ok {
			day = end.Format(time.DateOnly)
		}
		if siren != c.siren || day != c.end || ok != c.ok {
			t.Errorf("%s: %q %q %t", c.path, siren, day, ok)
		}
	}
}
