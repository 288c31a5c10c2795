package fec

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/encours/encours/ingest"
)

// noticed reads a file of this name and text and returns what was noticed.
func noticed(t *testing.T, name, text string) (header, lines []string, shape Shape) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Inspect(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	shown := func(n ingest.Notice) string { return fmt.Sprintf("%s %d %s %s", n.Check, n.Line, n.Column, n.Value) }
	for _, n := range f.HeaderNotices() {
		header = append(header, shown(n))
	}
	f.Notify(func(n ingest.Notice) error { lines = append(lines, shown(n)); return nil })
	if _, err := f.Convert(context.Background(), io.Discard, func(ingest.Reject) error { return nil }, nil); err != nil {
		t.Fatal(err)
	}
	return header, lines, f.Shape()
}

const noticeHeader = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\t" +
	"PieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"

// TestNotices: what is read though it is not written in the legal form, and where.
func TestNotices(t *testing.T) {
	line := func(date, debit, credit string) string {
		return "VE\tV\t1\t" + date + "\t411\tC\t\t\tF\t20240101\tx\t" + debit + "\t" + credit + "\t\t\t20240101\t\t\n"
	}
	for _, c := range []struct {
		name, line string
		want       []string
	}{
		{"legal", line("20240101", "1,00", "0,00"), nil},
		{"no decimals", line("20240101", "12", "0"), nil},
		{"padded", line("20240101", " 0001,00 ", "   0,00"), nil},
		{"sign before", line("20240101", "-1,00", ""), nil},
		{"sign after", line("20240101", "1,00-", ""), nil},
		{"dot", line("20240101", "1.00", "0,00"), []string{"T09 2 Debit 1.00"}},
		{"thousands", line("20240101", "1 000,00", "0,00"), []string{"T09 2 Debit 1 000,00"}},
		{"thousands by dots", line("20240101", "0", "1.000,00"), []string{"T09 2 Credit 1.000,00"}},
		{"exponent", line("20240101", "1E3", ""), []string{"T09 2 Debit 1E3"}},
		{"date with marks", line("01/02/2024", "1,00", ""), []string{"T10F 2 EcritureDate 01/02/2024"}},
		{"blank line", line("20240101", "1,00", "") + "\n" + line("20240101", "", "1,00"), []string{"T05 3  "}},
		{"a line that is rejected is noticed as such only", line("20241301", "1.00", ""), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, lines, _ := noticed(t, "732829320FEC20241231.txt", noticeHeader+"\n"+c.line)
			if !slices.Equal(lines, c.want) {
				t.Errorf("noticed %q, want %q", lines, c.want)
			}
		})
	}
}

// TestHeaderNotices: name, separator and missing columns.
func TestHeaderNotices(t *testing.T) {
	for _, c := range []struct {
		name, file, header string
		want               []string
	}{
		{"legal", "732829320FEC20241231.txt", noticeHeader, nil},
		{"name", "ledger.txt", noticeHeader, []string{"T01 0  ledger.txt"}},
		{"wrong SIREN", "732829321FEC20241231.txt", noticeHeader, []string{"T01 0  732829321FEC20241231.txt"}},
		{"semicolons", "732829320FEC20241231.txt", strings.ReplaceAll(noticeHeader, "\t", ";"), []string{"T02 1  ;"}},
		{"columns missing", "732829320FEC20241231.txt", strings.TrimSuffix(noticeHeader, "\tMontantdevise\tIdevise"),
			[]string{"T03 1 Montantdevise ", "T03 1 Idevise "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			header, _, _ := noticed(t, c.file, c.header+"\n")
			if !slices.Equal(header, c.want) {
				t.Errorf("noticed %q, want %q", header, c.want)
			}
		})
	}
}

// TestShape: the regimes of the law by their columns.
func TestShape(t *testing.T) {
	signed := strings.Replace(noticeHeader, "Debit\tCredit", "Montant\tSens", 1)
	for _, c := range []struct {
		name, header string
		want         Shape
	}{
		{"18 columns", noticeHeader, Shape{"BIC/IS", 18, false}},
		{"Montant and Sens", signed, Shape{"BIC/IS", 18, true}},
		{"21 columns", noticeHeader + "\tDateRglt\tModeRglt\tNatOp", Shape{"BA cash basis", 21, false}},
		{"21 columns, mode of settlement in full", noticeHeader + "\tDateRglt\tModeReglt\tNatOp", Shape{"BA cash basis", 21, false}},
		{"22 columns", signed + "\tDateRglt\tModeRglt\tNatOp\tIdClient", Shape{"BNC cash basis", 22, true}},
		{"an extra column", noticeHeader + "\tDateEcheance", Shape{"BIC/IS", 18, false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, _, shape := noticed(t, "732829320FEC20241231.txt", c.header+"\n"); shape != c.want {
				t.Errorf("%+v, want %+v", shape, c.want)
			}
		})
	}
}
