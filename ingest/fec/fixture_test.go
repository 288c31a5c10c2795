package fec

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/encours/encours/ingest"
)

const legalHeader = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"

// legalLine is one good line under legalHeader, and legalRow what becomes of it
// on line 2 of a file.
const (
	legalLine = "VE\tVentes\tV1\t20240131\t411000\tClients\tC1\tDupont\tFA1\t20240130\tFacture\t120,50\t0,00\tAA\t20240229\t20240201\t100,00\tUSD"
	legalRow  = "2|1|VE|Ventes|V1|2024-01-31|411000|Clients|C1|Dupont|FA1|2024-01-30|Facture|120.50|0.00|AA|2024-02-29|2024-02-01|100.00|USD|"
)

// loaded is the outcome of reading a file.
type loaded struct {
	file    *File
	stats   Stats
	rows    []string // canonical, with | between the fields
	rejects []ingest.Reject
}

// read inspects and converts bytes as a file on disk.
func read(t *testing.T, content string, o Options) loaded {
	t.Helper()
	l, err := tryRead(t, content, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func tryRead(t *testing.T, content string, o Options) (loaded, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fixture.txt")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return readPath(t, path, o)
}

func readPath(t *testing.T, path string, o Options) (l loaded, err error) {
	t.Helper()
	if l.file, err = Inspect(context.Background(), path, o); err != nil {
		return l, err
	}
	var out bytes.Buffer
	keep := func(r ingest.Reject) error { l.rejects = append(l.rejects, r); return nil }
	if l.stats, err = l.file.Convert(context.Background(), &out, keep, nil); err != nil {
		return l, err
	}
	for row := range strings.Lines(out.String()) {
		l.rows = append(l.rows, strings.ReplaceAll(strings.TrimSuffix(row, "\n"), "\x1f", "|"))
	}
	if l.stats.Lines != l.stats.Rows+l.stats.Rejects || l.stats.Rows != int64(len(l.rows)) || l.stats.Rejects != int64(len(l.rejects)) {
		t.Errorf("lines %d, rows %d (%d written), rejects %d (%d handed over) do not add up",
			l.stats.Lines, l.stats.Rows, len(l.rows), l.stats.Rejects, len(l.rejects))
	}
	return l, nil
}

// with replaces values in legalLine by column name.
func with(values ...string) string {
	names, fields := strings.Split(legalHeader, "\t"), strings.Split(legalLine, "\t")
	for i := 0; i < len(values); i += 2 {
		for k, name := range names {
			if name == values[i] {
				fields[k] = values[i+1]
			}
		}
	}
	return strings.Join(fields, "\t")
}

// value picks a field of a canonical row by the name of its column.
func value(t *testing.T, l loaded, row int, name string) string {
	t.Helper()
	names := append(CanonicalColumns(), l.file.Extra...)
	if row >= len(l.rows) {
		t.Fatalf("row %d of %d; rejects: %+v", row, len(l.rows), l.rejects)
	}
	fields := strings.Split(l.rows[row], "|")
	if len(fields) != len(names) {
		t.Fatalf("row %q has %d fields, want %d", l.rows[row], len(fields), len(names))
	}
	for i := range names {
		if names[i] == name {
			return fields[i]
		}
	}
	t.Fatalf("no column %q", name)
	return ""
}

// encoded writes a text in an 8-bit charset.
func encoded(t *testing.T, c *charmap.Charmap, s string) string {
	t.Helper()
	out, err := c.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
