package table

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/encours/encours/ingest"
)

// fuzzFile loads a file of any content: it never panics, every record is a row or a
// reject, and each row is one line of the right number of fields.
func fuzzFile(t *testing.T, name string, content []byte, spec Spec) {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := Inspect(context.Background(), path, spec, invoiceFields)
	if err != nil {
		return
	}
	var out bytes.Buffer
	var rejects int64
	stats, err := f.Convert(context.Background(), &out, func(ingest.Reject) error { rejects++; return nil }, nil)
	if err != nil {
		t.Fatalf("inspected, but not converted: %v", err)
	}
	if stats.Rejects != rejects || stats.Rows != int64(bytes.Count(out.Bytes(), []byte{'\n'})) || stats.Rows+rejects != f.Records {
		t.Fatalf("%d records, %d rows, %d rejects, %d lines", f.Records, stats.Rows, rejects, bytes.Count(out.Bytes(), []byte{'\n'}))
	}
	for line := range strings.Lines(out.String()) {
		if n := strings.Count(line, "\x1f"); n != len(invoiceFields)+len(spec.Keep) {
			t.Fatalf("%d fields in %q", n, line)
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("No,Customer,Date,Amount\nF1,\"C\n1\",2024-01-31,1\n"))
	f.Add([]byte("\xff\xfeN\x00o\x00,\x00"))
	f.Add([]byte("No;Customer;Date;Amount\r\nF1;C;31/01/2024;1 234,56\r\n"))
	f.Fuzz(func(t *testing.T, content []byte) { fuzzFile(t, "a.csv", content, simple()) })
}

// FuzzCSVRecords reads the same text in blocks of any size: the records are the same.
func FuzzCSVRecords(f *testing.F) {
	f.Add("a,\"b\nc\",d\n\"x", 3, true)
	f.Fuzz(func(t *testing.T, content string, size int, quote bool) {
		d := dialect{delimiter: ","}
		if quote {
			d.quote = '"'
		}
		read := func(in io.Reader) (all []string) {
			r := newCSV(in, io.NopCloser(nil), d)
			var current row
			for {
				err := r.next(&current)
				if errors.Is(err, io.EOF) {
					return all
				}
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, current.raw)
			}
		}
		whole, parts := read(strings.NewReader(content)), read(&slow{content, max(1, size%7)})
		if strings.Join(whole, "\x00") != strings.Join(parts, "\x00") {
			t.Fatalf("%q in one block, %q in parts", whole, parts)
		}
	})
}

type slow struct {
	rest string
	size int
}

func (s *slow) Read(p []byte) (int, error) {
	if s.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, s.rest[:min(s.size, len(s.rest))])
	s.rest = s.rest[n:]
	return n, nil
}

// FuzzMapping loads one record by a mapping of any texts.
func FuzzMapping(f *testing.F) {
	f.Add("F1", "RV", "1,50", "31/01/2024", ",", "DD/MM/YYYY", "RV", true)
	f.Fuzz(func(t *testing.T, no, kind, amount, day, decimal, dates, from string, negate bool) {
		spec := simple()
		spec.Decimal, spec.Dates = decimal, []string{dates}
		spec.Columns["document_type"] = Column{Column: "Kind", Values: map[string]string{from: "invoice"}, Otherwise: "credit_note"}
		spec.Columns["amount"] = Column{Column: "Amount", Negate: negate, NegativeWhen: When{"Kind", []string{kind}}}
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		text := "No,Customer,Kind,Date,Amount\n" + strings.Join([]string{quote(no), "C", quote(kind), quote(day), quote(amount)}, ",") + "\n"
		fuzzFile(t, "a.csv", []byte(text), spec)
	})
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[{"No":"F1","Customer":1,"Date":"2024-01-31","Amount":1e2}]`))
	f.Add([]byte(`[{"a":{"b":[null]}},3,"x"`))
	f.Fuzz(func(t *testing.T, content []byte) { fuzzFile(t, "a.json", content, simple()) })
}

func FuzzNDJSON(f *testing.F) {
	f.Add([]byte("{\"No\":\"F1\",\"Customer\":1,\"Date\":\"2024-01-31\",\"Amount\":1}\n{}\n[\n"))
	f.Fuzz(func(t *testing.T, content []byte) { fuzzFile(t, "a.ndjson", content, simple()) })
}

func FuzzXLSX(f *testing.F) {
	f.Add([]byte(sheetHead + "</sheetData></worksheet>"))
	f.Add([]byte(`<worksheet><sheetData><row><c r="AB2" t="s"><v>0</v></c><c t="inlineStr"><is><t>a</t></is></c></row>`))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		path := zipped(t, sheetParts(func(w *bytes.Buffer) { w.Write(sheet) }))
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fuzzFile(t, "a.xlsx", content, simple())
		fuzzFile(t, "b.xlsx", sheet, simple()) // as an archive
	})
}

func FuzzParquet(f *testing.F) {
	f.Add([]byte("PAR1PAR1"))
	f.Fuzz(func(t *testing.T, content []byte) { fuzzFile(t, "a.parquet", content, simple()) })
}
