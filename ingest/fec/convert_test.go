package fec

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest"
)

func TestGoodLine(t *testing.T) {
	l := read(t, legalHeader+"\n"+legalLine+"\n", Options{})
	if len(l.rows) != 1 || l.rows[0] != legalRow {
		t.Errorf("row is\n%v, want\n%s; rejects %+v", l.rows, legalRow, l.rejects)
	}
	if n := strings.Count(legalRow, "|") + 1; n != len(CanonicalColumns()) {
		t.Errorf("%d fields, %d canonical columns", n, len(CanonicalColumns()))
	}
	day := time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC)
	if !l.stats.FirstDate.Equal(day) || !l.stats.LastDate.Equal(day) || len(ingest.English(l.stats.Warnings)) != 0 {
		t.Errorf("stats are %+v", l.stats)
	}
}

// TestForms reads the same line in every form that the layout of a file may
// take: the row must be the same.
func TestForms(t *testing.T) {
	lf := legalHeader + "\n" + legalLine + "\n"
	sep := func(s, to string) string { return strings.ReplaceAll(s, "\t", to) }
	end := func(to string) string { return strings.ReplaceAll(lf, "\n", to) }
	padded := strings.NewReplacer("VE\t", "VE  \t", "\tDupont\t", "\t  Dupont \t", "\t120,50\t", "\t   0000120,50 \t", "\t20240131\t", "\t20240131  \t").Replace(lf)
	for _, c := range []struct{ name, content, lineEnd string }{
		{"LF", lf, "LF"},
		{"CRLF", end("\r\n"), "CRLF"},
		{"CR", end("\r"), "CR"},
		{"CR CR LF", end("\r\r\n"), "CR CR LF"},
		{"mixed", legalHeader + "\r\n" + legalLine + "\n", "mixed (LF 1, CRLF 1)"},
		{"mixed with CR", legalHeader + "\r" + legalLine + "\n", "mixed (LF 1, CR 1)"},
		{"mixed CR CR LF and CR", legalHeader + "\r\r\n" + legalLine + "\r", "mixed (CR CR LF 1, CR 1)"},
		{"no end on last line", strings.TrimSuffix(lf, "\n"), "LF"},
		{"end of file mark", lf + "\x1a", "LF"},
		{"blank lines behind", lf + "\n   \n\n", "LF"},
		{"pipe", sep(lf, "|"), "LF"},
		{"semicolon", sep(lf, ";"), "LF"},
		{"BOM", utf8BOM + lf, "LF"},
		{"trailing separator", strings.ReplaceAll(lf, "\n", "\t\n"), "LF"},
		{"trailing pipe", strings.ReplaceAll(sep(lf, "|"), "\n", "|\n"), "LF"},
		{"trailing separator in header only", strings.Replace(lf, "\n", "\t\n", 1), "LF"},
		{"trailing separator on lines only", legalHeader + "\n" + legalLine + "\t\n", "LF"},
		{"padded", padded, "LF"},
		{"upper-case header", strings.ToUpper(legalHeader) + "\n" + legalLine + "\n", "LF"},
		{"spaced header", strings.ReplaceAll(strings.ReplaceAll(legalHeader, "\t", " \t "), "Num", " Num") + "\n" + legalLine + "\n", "LF"},
		{"accented header", strings.NewReplacer("Ecriture", "Écriture", "Debit", "Débit", "Credit", "Crédit", "Piece", "Pièce").Replace(legalHeader) + "\n" + legalLine + "\n", "LF"},
		{"aliases", strings.NewReplacer("JournalLib", "JournalLibelle", "CompAux", "CompteAux", "Montantdevise", "MontantDevise", "EcritureLet", "EcritureLettrage", "PieceRef", "PieceReference", "EcritureLib", "Libellé").Replace(legalHeader) + "\n" + legalLine + "\n", "LF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, c.content, Options{})
			if len(l.rows) != 1 || l.rows[0] != legalRow || len(l.rejects) != 0 {
				t.Errorf("rows %q, want %q; rejects %+v", l.rows, legalRow, l.rejects)
			}
			if l.file.Columns[0] != "JournalCode" && l.file.Columns[0] != "JOURNALCODE" {
				t.Errorf("the first column is %q", l.file.Columns[0])
			}
			if l.stats.LineEnd != c.lineEnd {
				t.Errorf("line end is %q, want %q", l.stats.LineEnd, c.lineEnd)
			}
			if warned := len(ingest.English(l.stats.Warnings)) > 0; warned != (c.name == "semicolon") {
				t.Errorf("warnings: %q", ingest.English(l.stats.Warnings))
			}
		})
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct{ name, column, in, canonical, want string }{
		{"date zeros", "DateLet", "00000000", "matching_date", ""},
		{"date blank", "DateLet", "        ", "matching_date", ""},
		{"date with dashes", "PieceDate", "2024-01-30", "document_date", "2024-01-30"},
		{"date day first", "ValidDate", "01/02/2024", "validation_date", "2024-02-01"},
		{"debit empty", "Debit", "", "debit", "0.00"},
		{"debit blank", "Debit", "   ", "debit", "0.00"},
		{"debit negative", "Debit", "-5,00", "debit", "-5.00"},
		{"credit trailing sign", "Credit", "5,00-", "credit", "-5.00"},
		{"currency amount empty", "Montantdevise", "", "currency_amount", ""},
		{"currency amount zero", "Montantdevise", "0", "currency_amount", "0.00"},
		{"journal empty", "JournalCode", "", "journal_code", ""},
		{"lettering keeps its case", "EcritureLet", "aB", "matching_code", "aB"},
		{"quotation marks are text", "EcritureLib", `say "no"`, "label", `say "no"`},
		{"control character", "EcritureLib", "a\x1fb\x00c", "label", "a b c"},
		{"inner spaces stay", "EcritureLib", " a  b ", "label", "a  b"},
		{"padded by no-break spaces", "EcritureLib", "\u00a0a\u00a0", "label", "a"},
		{"accents", "EcritureLib", "Règlement n° 1 €", "label", "Règlement n° 1 €"},
		{"thousands", "Debit", "1\u202f234,56", "debit", "1234.56"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, legalHeader+"\n"+with(c.column, c.in)+"\n", Options{})
			if got := value(t, l, 0, c.canonical); got != c.want {
				t.Errorf("%s %q gives %q, want %q", c.column, c.in, got, c.want)
			}
		})
	}
}

func TestRejects(t *testing.T) {
	for _, c := range []struct{ name, line, column, value, reason, says string }{
		{"bad date", with("EcritureDate", "20241301"), "EcritureDate", "20241301", "date.invalid", "no month 13"},
		{"bad optional date", with("DateLet", "2024"), "DateLet", "2024", "date.invalid", "AAAAMMJJ"},
		{"year out of range", with("PieceDate", "99991231"), "PieceDate", "99991231", "date.invalid", "outside 1900 to 2099"},
		{"no entry date", with("EcritureDate", "00000000"), "EcritureDate", "", "value.missing", "is empty"},
		{"no entry number", with("EcritureNum", "  "), "EcritureNum", "", "value.missing", "is empty"},
		{"no account", with("CompteNum", ""), "CompteNum", "", "value.missing", "is empty"},
		{"bad debit", with("Debit", "12x"), "Debit", "12x", "amount.invalid", "1234,56"},
		{"three decimals", with("Credit", "1,005"), "Credit", "1,005", "amount.precision", "1005"},
		{"too large", with("Debit", "12345678901234567,00"), "Debit", "12345678901234567,00", "amount.range", "16 digits"},
		{"quoted", with("Debit", `"12,50"`), "Debit", `"12,50"`, "amount.invalid", "quotation marks"},
		{"first bad field", with("EcritureDate", "x", "Debit", "y"), "EcritureDate", "x", "date.invalid", "x"},
		{"too few fields", strings.Join(strings.Split(legalLine, "\t")[:12], "\t"), "", "", "fields.count", "12 fields and the header names 18"},
		{"too many fields", with("EcritureLib", "a\tb"), "", "", "fields.count", "19 fields and the header names 18"},
		{"comma turned into a tab", with("Debit", "120\t50"), "Debit", "120", "fields.count", "decimal comma"},
		{"both commas turned", with("Debit", "120\t50", "Credit", "0\t00"), "Debit", "120", "fields.count", "decimal comma"},
		{"broken text", with("EcritureLib", "caf\xe9"), "EcritureLib", `caf\xE9`, "charset.invalid", "UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			good := with("EcritureLib", "été à l’école") // makes the file UTF-8
			l := read(t, legalHeader+"\n"+good+"\n"+c.line+"\n"+good+"\n", Options{})
			if len(l.rows) != 2 || len(l.rejects) != 1 {
				t.Fatalf("%d rows, rejects %+v", len(l.rows), l.rejects)
			}
			r := l.rejects[0]
			if r.Line != 3 || r.Column != c.column || r.Value != c.value || r.Reason != c.reason || !strings.Contains(r.Message, c.says) {
				t.Errorf("reject is %+v, want %+v", r, c)
			}
			if want := strings.ReplaceAll(c.line, "\xe9", `\xE9`); r.Raw != want {
				t.Errorf("raw is %q, want %q", r.Raw, want)
			}
		})
	}
}

func TestSigned(t *testing.T) {
	header := strings.NewReplacer("Debit", "Montant", "Credit", "Sens").Replace(legalHeader)
	for _, c := range []struct{ name, amount, sense, debit, credit, reason string }{
		{"D", "12,50", "D", "12.50", "0.00", ""},
		{"C", "12,50", "C", "0.00", "12.50", ""},
		{"lower case", "12,50", "c", "0.00", "12.50", ""},
		{"spaces", "12,50", " d ", "12.50", "0.00", ""},
		{"+1", "12,50", "+1", "12.50", "0.00", ""},
		{"1", "12,50", "1", "12.50", "0.00", ""},
		{"-1", "12,50", "-1", "0.00", "12.50", ""},
		{"negative debit", "-12,50", "D", "-12.50", "0.00", ""},
		{"negative credit", "-12,50", "-1", "0.00", "-12.50", ""},
		{"no amount", "", "D", "0.00", "0.00", ""},
		{"bad side", "12,50", "X", "", "", "sense.invalid"},
		{"no side", "12,50", "", "", "", "value.missing"},
		{"bad amount", "x", "D", "", "", "amount.invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, header+"\n"+with("Debit", c.amount, "Credit", c.sense)+"\n", Options{})
			if c.reason != "" {
				if len(l.rejects) != 1 || l.rejects[0].Reason != c.reason {
					t.Errorf("rejects %+v, want %s", l.rejects, c.reason)
				}
				return
			}
			if d, cr := value(t, l, 0, "debit"), value(t, l, 0, "credit"); d != c.debit || cr != c.credit {
				t.Errorf("debit %s credit %s, want %s %s", d, cr, c.debit, c.credit)
			}
		})
	}
}

// TestLineNumbers checks the number of the third line, which is bad, under each
// line end.
func TestLineNumbers(t *testing.T) {
	for _, c := range []struct {
		name, between string
		want          int64
	}{
		{"LF", "\n", 3}, {"CRLF", "\r\n", 3}, {"CR", "\r", 3}, {"CR CR LF", "\r\r\n", 3},
		{"blank lines count", "\n\n", 5}, {"blank lines by CR", "\r\r", 5}, {"CR CR CR LF", "\r\r\r\n", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, strings.Join([]string{legalHeader, legalLine, with("Debit", "x"), legalLine}, c.between), Options{})
			if len(l.rejects) != 1 || l.rejects[0].Line != c.want || len(l.rows) != 2 {
				t.Errorf("rows %d, rejects %+v, want line %d", len(l.rows), l.rejects, c.want)
			}
			if !strings.HasPrefix(l.rows[0], "2|") && c.want == 3 {
				t.Errorf("first row is %q", l.rows[0])
			}
		})
	}
}

func TestCutInMidLine(t *testing.T) {
	l := read(t, legalHeader+"\n"+legalLine+"\n"+legalLine[:60], Options{})
	if len(l.rows) != 1 || len(l.rejects) != 1 || l.rejects[0].Reason != "line.cut" || l.rejects[0].Line != 3 {
		t.Errorf("rows %d, rejects %+v", len(l.rows), l.rejects)
	}
}

// TestEveryLineSplitWrongly: the header is good, so the file is not refused
// here, but its numbers let the caller refuse it.
func TestEveryLineSplitWrongly(t *testing.T) {
	bad := strings.ReplaceAll(legalLine, ",", "\t")
	l := read(t, legalHeader+"\n"+bad+"\n"+bad+"\n", Options{})
	if l.stats.Lines != 2 || l.stats.Rows != 0 || l.stats.Rejects != 2 || !l.stats.FirstDate.IsZero() {
		t.Errorf("stats are %+v", l.stats)
	}
}

func TestBlankAndSeparatorLines(t *testing.T) {
	l := read(t, "\n"+legalHeader+"\n\n"+legalLine+"\n"+strings.Repeat("\t", 17)+"\n", Options{})
	if l.stats.Lines != 1 || l.stats.Rows != 1 || l.stats.Blank != 2 || !strings.HasPrefix(l.rows[0], "4|1|") {
		t.Errorf("stats %+v, rows %q", l.stats, l.rows)
	}
	if len(ingest.English(l.stats.Warnings)) != 1 || !strings.Contains(ingest.English(l.stats.Warnings)[0], "nothing but separators") {
		t.Errorf("warnings %q", ingest.English(l.stats.Warnings))
	}
}

func TestDatesBounded(t *testing.T) {
	lines := []string{legalHeader}
	for _, d := range []string{"20240315", "20240101", "20241231", "20240202"} {
		lines = append(lines, with("EcritureDate", d))
	}
	lines = append(lines, with("EcritureDate", "20300101", "Debit", "bad"))
	l := read(t, strings.Join(lines, "\n"), Options{Part: 3})
	if l.stats.FirstDate.Format(time.DateOnly) != "2024-01-01" || l.stats.LastDate.Format(time.DateOnly) != "2024-12-31" {
		t.Errorf("dates %s to %s", l.stats.FirstDate, l.stats.LastDate)
	}
	if !strings.HasPrefix(l.rows[0], "2|3|") {
		t.Errorf("the part is not written: %q", l.rows[0])
	}
}

// TestDatesAfterReject: the date of a rejected line does not count, that of a
// later line of the same day does.
func TestDatesAfterReject(t *testing.T) {
	l := read(t, strings.Join([]string{
		legalHeader, with("EcritureDate", "20240315", "Debit", "bad"),
		with("EcritureDate", "2024-01-01"), with("EcritureDate", "20240315"),
	}, "\n"), Options{})
	if l.stats.LastDate.Format(time.DateOnly) != "2024-03-15" || l.stats.FirstDate.Format(time.DateOnly) != "2024-01-01" {
		t.Errorf("dates %s to %s", l.stats.FirstDate, l.stats.LastDate)
	}
}

func TestWarnings(t *testing.T) {
	l := read(t, legalHeader+"\n"+with("Debit", "12,500", "EcritureLib", "a\x01\x02")+"\n", Options{})
	all := strings.Join(ingest.English(l.stats.Warnings), "\n")
	if l.stats.ReplacedControls != 2 || !strings.Contains(all, "2 control characters") || !strings.Contains(all, "1 amounts are written with three decimals") {
		t.Errorf("stats %+v", l.stats)
	}
}

func TestConvertStops(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.txt")
	content := legalHeader + "\n" + legalLine + "\n" + with("Debit", "x") + "\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Inspect(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	ignore := func(ingest.Reject) error { return nil }
	canceled, cancel := context.WithCancel(context.Background())
	cancel()

	if _, err := f.Convert(context.Background(), &bytes.Buffer{}, func(ingest.Reject) error { return boom }, nil); !errors.Is(err, boom) {
		t.Errorf("error of reject is lost: %v", err)
	}
	if _, err := f.Convert(context.Background(), failingWriter{boom}, ignore, nil); !errors.Is(err, boom) {
		t.Errorf("error of the writer is lost: %v", err)
	}
	if _, err := f.Convert(canceled, &bytes.Buffer{}, ignore, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context does not stop: %v", err)
	}
	if _, err := Inspect(canceled, path, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context does not stop Inspect: %v", err)
	}
	later := f.modified.Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Convert(context.Background(), &bytes.Buffer{}, ignore, nil); err == nil || !strings.Contains(err.Error(), "changed") {
		t.Errorf("a file written again is not noticed: %v", err)
	}
	if err := os.WriteFile(path, []byte(content+legalLine+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, f.modified, f.modified); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Convert(context.Background(), &bytes.Buffer{}, ignore, nil); err == nil || !strings.Contains(err.Error(), "changed") {
		t.Errorf("a changed file is not noticed: %v", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

// FuzzConvert reads any bytes. Whatever they are, each record is either one row
// of the right number of fields or one reject.
func FuzzConvert(f *testing.F) {
	f.Add([]byte(legalHeader + "\n" + legalLine + "\n"))
	f.Add([]byte(strings.ReplaceAll(legalHeader+"\r\r\n"+legalLine+"|\r\n", "\t", "|")))
	f.Add([]byte(legalHeader + "\tDateEch\r" + with("EcritureLib", "caf\xe9") + "\t20240101\rx"))
	f.Add([]byte(strings.NewReplacer("Debit", "Montant", "Credit", "Sens").Replace(legalHeader) + "\n" + with("Credit", "d")))
	f.Add([]byte("\"" + strings.ReplaceAll(legalHeader, "\t", "\"|\"") + "\"\n\"" + strings.ReplaceAll(with("EcritureLib", `a|""b`), "\t", "\"|\"") + "\"\n"))
	f.Add([]byte(legalHeader + "\n" + with("EcritureLib", "\"a\tb\"") + "\n" + with("EcritureLib", `"`)))
	f.Add([]byte("<A"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, content := range [][]byte{data, append([]byte(legalHeader+"\n"), data...)} {
			file, err := inspect(context.Background(), "fuzz", bytes.NewReader(content), Options{MaxLine: 4096})
			if err != nil {
				var refused *ingest.RefusedError
				if !errors.As(err, &refused) || refused.Problem == "" || refused.Advice == "" {
					t.Fatalf("not a refusal: %v", err)
				}
				continue
			}
			if file.xml != nil {
				continue // its columns are found by a pass of their own: see FuzzXML
			}
			checkConversion(t, file, content)
		}
	})
}

func checkConversion(t *testing.T, file *File, content []byte) {
	t.Helper()
	checkRows(t, file, func(w io.Writer, reject func(ingest.Reject) error) (Stats, error) {
		return file.convert(context.Background(), bytes.NewReader(content), w, reject, nil)
	})
}

// checkRows checks that each record becomes one row or one reject, in their order.
func checkRows(t *testing.T, file *File, convert func(io.Writer, func(ingest.Reject) error) (Stats, error)) {
	t.Helper()
	var out bytes.Buffer
	var rejects, last int64
	stats, err := convert(&out, func(r ingest.Reject) error {
		if r.Reason == "" || r.Message == "" || r.Line <= last {
			t.Errorf("bad reject after line %d: %+v", last, r)
		}
		rejects++
		last = r.Line
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := bytes.Count(out.Bytes(), []byte("\n"))
	if stats.Lines != stats.Rows+stats.Rejects || int64(rows) != stats.Rows || rejects != stats.Rejects {
		t.Errorf("%d lines, %d rows (%d written), %d rejects (%d handed over)", stats.Lines, stats.Rows, rows, stats.Rejects, rejects)
	}
	want := len(CanonicalColumns()) + len(file.Extra)
	for row := range bytes.Lines(out.Bytes()) {
		if n := bytes.Count(row, []byte{fieldEnd}) + 1; n != want {
			t.Errorf("row %q has %d fields, want %d", row, n, want)
		}
		for _, c := range row[:len(row)-1] {
			if c < 0x20 && c != fieldEnd {
				t.Errorf("row %q holds control characters", row)
			}
		}
		if !validText(row) {
			t.Errorf("row %q is not UTF-8", row)
		}
	}
}

// TestCommaTurnedIntoSeparator: where the last columns are empty, a decimal comma
// turned into the separator pushes empty fields out at the end, which look like
// trailing separators.
func TestCommaTurnedIntoSeparator(t *testing.T) {
	const line = "VE\tVentes\tV1\t20240131\t411000\tClients\tC1\tDupont\tFA1\t20240130\tFacture\t120,50\t0,00\t\t\t20240201\t\t"
	for _, c := range []struct{ name, line string }{
		{"both amounts", strings.ReplaceAll(line, ",", "\t")},
		{"debit only", strings.Replace(line, "120,50", "120\t50", 1)},
		{"credit only", strings.Replace(line, "120,50\t0,00", "0\t120\t50", 1)},
	} {
		l := read(t, legalHeader+"\n"+c.line+"\n", Options{})
		if l.stats.Rows != 0 || len(l.rejects) != 1 || l.rejects[0].Reason != "fields.count" {
			t.Errorf("%s: rows %q, rejects %+v", c.name, l.rows, l.rejects)
		}
	}
	for _, c := range []struct{ name, header, line string }{
		{"one trailing separator", legalHeader, line + "\t"},
		{"two in the header too", legalHeader + "\t\t", line + "\t\t"},
	} {
		if l := read(t, c.header+"\n"+c.line+"\n", Options{}); l.stats.Rows != 1 {
			t.Errorf("%s: rejects %+v", c.name, l.rejects)
		}
	}
}
