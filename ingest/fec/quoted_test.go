package fec

import (
	"strings"
	"testing"

	"github.com/encours/encours/ingest"
)

func wrap(line string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(line, `"`, `""`), "\t", "\"\t\"") + `"`
}

// TestQuoted: marks are taken off where the header, the amounts or the number of
// fields say that they are none of the text, and nowhere else.
func TestQuoted(t *testing.T) {
	label := func(s string) string { return with("EcritureLib", s) }
	plain := legalLine
	for _, c := range []struct{ name, header, lines, label, warns string }{
		{"everything", wrap(legalHeader), wrap(label("a\x00b\"c")), "a b\"c", "quotation marks"},
		{"separator inside", wrap(legalHeader), strings.Replace(wrap(label("a#b")), "#", "\t", 1), "a b", "quotation marks"},
		{"header only", wrap(legalHeader), label(`say "no"`), `say "no"`, "quotation marks"},
		{"header, empty and bare fields", wrap(legalHeader), label(`""`), "", "quotation marks"},
		{"header, not closed", wrap(legalHeader), label(`"a`), `"a`, "quotation marks"},
		{"values only", legalHeader, wrap(label("a")), "a", "quotation marks"},
		{"by the number of fields", legalHeader, label("\"a\tb\""), "a b", "quotation marks"},
		{"by the number of fields, others doubled", legalHeader, label(`"x ""y"""`) + "\n" + label("\"a\tb\""), `x "y"`, "quotation marks"},
		{"marks that mean something", legalHeader, label(`"Chez Paul"`), `"Chez Paul"`, ""},
		{"marks inside", legalHeader, label(`tube 5" pour "A"`), `tube 5" pour "A"`, ""},
		{"a doubled mark is two", legalHeader, label(`""`), `""`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, c.header+"\n"+c.lines+"\n"+strings.Repeat(plain+"\n", map[bool]int{true: 0, false: 1}[strings.Contains(c.name, "values only")]), Options{})
			if got := value(t, l, 0, "label"); got != c.label || len(l.rejects) != 0 {
				t.Errorf("label %q, want %q; rejects %+v", got, c.label, l.rejects)
			}
			all := strings.Join(ingest.English(l.stats.Warnings), "\n")
			if (all == "") != (c.warns == "") && !strings.Contains(c.lines, "\x00") || !strings.Contains(all, c.warns) {
				t.Errorf("warnings %q, want %q", all, c.warns)
			}
		})
	}
}

// TestQuotedLateLine: a line beyond the first thousand that is right only when
// read as quoted is read so, and said; the others keep their marks.
func TestQuotedLateLine(t *testing.T) {
	text := legalHeader + "\n" + strings.Repeat(with("EcritureLib", `"Chez Paul"`)+"\n", sampleLines+1) + with("EcritureLib", "\"a\tb\"") + "\n"
	l := read(t, text, Options{})
	if l.stats.Unquoted != 1 || len(l.rejects) != 0 || value(t, l, 0, "label") != `"Chez Paul"` || value(t, l, sampleLines+1, "label") != "a b" {
		t.Errorf("%d lines unquoted, rejects %+v, first %q", l.stats.Unquoted, l.rejects, l.rows[0])
	}
	if !strings.Contains(strings.Join(ingest.English(l.stats.Warnings), "\n"), "1 lines have the right number of fields only") {
		t.Errorf("warnings %q", ingest.English(l.stats.Warnings))
	}
}

// TestNoBreakSpaces: both widths, in amounts and around fields, also in the 8-bit
// charsets.
func TestNoBreakSpaces(t *testing.T) {
	for _, c := range []struct{ name, space string }{{"no-break", "\u00a0"}, {"narrow", "\u202f"}} {
		s := c.space
		l := read(t, legalHeader+"\n"+with("Debit", s+"1"+s+"234"+s+"567,50"+s, "EcritureLib", s+"é"+s, "EcritureDate", s+"20240131"+s, "CompAuxNum", s)+"\n", Options{})
		if len(l.rows) != 1 || value(t, l, 0, "debit") != "1234567.50" || value(t, l, 0, "label") != "é" ||
			value(t, l, 0, "entry_date") != "2024-01-31" || value(t, l, 0, "aux_account") != "" {
			t.Errorf("%s: rows %q, rejects %+v", c.name, l.rows, l.rejects)
		}
	}
	for _, c := range []struct {
		charset Charset
		b       string
	}{{ISO885915, "\xa0"}, {Windows1252, "\xa0"}, {CP850, "\xff"}} {
		l := read(t, legalHeader+"\n"+with("Debit", c.b+"1"+c.b+"234,50", "EcritureLib", "a"+c.b)+"\n", Options{Charset: string(c.charset)})
		if len(l.rows) != 1 || value(t, l, 0, "debit") != "1234.50" || value(t, l, 0, "label") != "a" {
			t.Errorf("%s: rows %q, rejects %+v", c.charset, l.rows, l.rejects)
		}
	}
}
