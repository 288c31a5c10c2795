package table

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

func gzipped(t testing.TB, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// archived makes a ZIP archive of names and contents in turn.
func archived(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// noTemporaryFiles has the test use a folder of temporary files of its own and find it
// empty at its end.
func noTemporaryFiles(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		if left, err := filepath.Glob(filepath.Join(dir, "encours-*")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	})
}

// TestPacked: one table in an archive is read as it is outside of it, in every format.
func TestPacked(t *testing.T) {
	const plain = "No,Customer,Date,Amount\nF1,000123,2024-01-31,1234.56\nF2,C2,2024-02-01,-5.00\n"
	const ndjson = `{"No":"F1","Customer":"000123","Date":"2024-01-31","Amount":1234.56}` + "\n" + `{"No":"F2","Customer":"C2","Date":"2024-02-01","Amount":-5.00}` + "\n"
	const records = "1 F1 000123 2024-01-31 1234.56\n2 F2 C2 2024-02-01 -5.00"
	book, err := os.ReadFile(workbookOf(t, "S", []any{"No", "Customer", "Date", "Amount"}, []any{"F1", "000123", "2024-01-31", 1234.56}, []any{"F2", "C2", "2024-02-01", -5}))
	if err != nil {
		t.Fatal(err)
	}
	sheet := with(simple(), func(s *Spec) { s.Sheet = "S" })
	type record struct{ No, Customer, Date, Amount string }
	var columns bytes.Buffer
	if err := parquet.Write(&columns, []record{{"F1", "000123", "2024-01-31", "1234.56"}, {"F2", "C2", "2024-02-01", "-5.00"}}); err != nil {
		t.Fatal(err)
	}
	wide := "\xff\xfe"
	for _, c := range plain {
		wide += string([]byte{byte(c), 0})
	}
	for _, c := range []struct {
		name, file string
		content    []byte
		spec       Spec
		rows       string
		member     string
	}{
		{"CSV, gzip", "a.csv.gz", gzipped(t, plain), simple(), twoRows, "a.csv"},
		{"CSV, gzip, upper case", "A.CSV.GZ", gzipped(t, plain), simple(), twoRows, "A.CSV"},
		{"CSV by its format", "export.gz", gzipped(t, plain), with(simple(), func(s *Spec) { s.Format = "csv" }), twoRows, "export"},
		{"CSV, gzip in two runs", "a.csv.gz", append(gzipped(t, plain[:30]), gzipped(t, plain[30:])...), simple(), twoRows, "a.csv"},
		{"CSV, zip", "a.zip", archived(t, "dir/", "", "dir/orders.csv", plain), simple(), twoRows, "orders.csv"},
		{"CSV, zip of a Mac", "a.zip", archived(t, "o.csv", plain, "__MACOSX/._o.csv", "x", ".DS_Store", "x"), simple(), twoRows, "o.csv"},
		{"CSV, zip named csv", "a.csv", archived(t, "o.csv", plain), simple(), twoRows, "o.csv"},
		{"UTF-16, gzip", "a.txt.gz", gzipped(t, wide), simple(), twoRows, "a.txt"},
		{"NDJSON, gzip", "a.ndjson.gz", gzipped(t, ndjson), simple(), records, "a.ndjson"},
		{"JSON, zip", "a.zip", archived(t, "a.json", "["+strings.Replace(ndjson, "}\n{", "},{", 1)+"]"), simple(), records, "a.json"},
		{"XLSX, gzip", "a.xlsx.gz", gzipped(t, string(book)), sheet, strings.Replace(twoRows, "-5.00", "-5", 1), "a.xlsx"},
		{"XLSX, zip", "a.zip", archived(t, "a.xlsx", string(book)), sheet, strings.Replace(twoRows, "-5.00", "-5", 1), "a.xlsx"},
		{"Parquet, gzip", "a.parquet.gz", gzipped(t, columns.String()), simple(), records, "a.parquet"},
		{"Parquet, zip", "a.zip", archived(t, "a.parquet", columns.String()), simple(), records, "a.parquet"},
		{"XLSX, not packed", "a.bin", book, with(sheet, func(s *Spec) { s.Format = "xlsx" }), strings.Replace(twoRows, "-5.00", "-5", 1), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			noTemporaryFiles(t)
			r := check(t, save(t, c.file, c.content), c.spec, c.rows, "")
			if r.file.Member != c.member || r.file.Size != int64(len(c.content)) || len(r.file.SHA256) != 64 {
				t.Errorf("member %q, size %d of %d, digest %q", r.file.Member, r.file.Size, len(c.content), r.file.SHA256)
			}
		})
	}
	t.Run("a notice beside it", func(t *testing.T) {
		r := check(t, save(t, "a.zip", archived(t, "lisez-moi.pdf", "%PDF", "o.csv", plain)), simple(), twoRows, "")
		if !strings.Contains(strings.Join(r.stats.Warnings, "\n"), "lisez-moi.pdf") {
			t.Errorf("warnings %q", r.stats.Warnings)
		}
	})
	t.Run("a proposal", func(t *testing.T) {
		noTemporaryFiles(t)
		for name, content := range map[string][]byte{"a.csv.gz": gzipped(t, plain), "a.zip": archived(t, "a.parquet", columns.String())} {
			p, err := Propose(context.Background(), save(t, name, content), "invoices", proposalDatasets)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(p.Matches) < 3 {
				t.Errorf("%s: matches %+v", name, p.Matches)
			}
		}
	})
}

// TestPackedRefused: what is no single table in an archive, or out of bounds.
func TestPackedRefused(t *testing.T) {
	const plain = "No,Customer,Date,Amount\nF1,000123,2024-01-31,1234.56\n"
	bomb := plain + strings.Repeat("F1,000123,2024-01-31,1234.56\n", 3_000_000)
	locked := archived(t, "a.csv", plain)
	locked[6] |= 1                                               // the flag of the file
	locked[bytes.LastIndex(locked, []byte("PK\x01\x02"))+8] |= 1 // the flag of the directory
	for _, c := range []struct {
		name, file string
		content    []byte
		wants      []string
	}{
		{"several tables", "a.zip", archived(t, "orders.csv", plain, "invoices.csv", plain), []string{"holds 2 files", `"orders.csv", "invoices.csv"`, "Unzip it"}},
		{"no table", "a.zip", archived(t, "readme.pdf", "x"), []string{"no file that could be a table"}},
		{"a password", "a.zip", locked, []string{"password"}},
		{"gzip bomb", "a.csv.gz", gzipped(t, bomb), []string{"more than 100 times as many", "as no table does"}},
		{"zip bomb", "a.zip", archived(t, "a.csv", bomb), []string{"more than 100 times as many"}},
		{"bomb as a workbook", "a.xlsx.gz", gzipped(t, "PK\x03\x04"+bomb), []string{"more than 100 times as many"}},
		{"cut gzip", "a.csv.gz", gzipped(t, plain)[:40], []string{"cannot be read"}},
		{"cut zip", "a.zip", archived(t, "a.csv", plain)[:60], []string{"cannot be read"}},
		{"an archive in an archive", "a.zip", archived(t, "a.csv", string(gzipped(t, plain))), []string{"a gzip file and not text"}},
		{"tar", "a.tar.gz", gzipped(t, "x"), []string{`its name does not tell its format (".tar")`}},
		{"empty", "a.csv.gz", gzipped(t, ""), []string{"it is empty"}},
		{"OpenDocument", "a.zip", archived(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), []string{"Office document", "CSV"}},
		{"a broken workbook", "a.xlsx.gz", gzipped(t, "hello"), []string{"not a workbook"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			noTemporaryFiles(t)
			refused(t, save(t, c.file, c.content), simple(), c.wants...)
		})
	}
}

// FuzzPacked: an archive of any content is read or refused.
func FuzzPacked(f *testing.F) {
	const plain = "No,Customer,Date,Amount\nF1,C,2024-01-31,1\n"
	f.Add(gzipped(f, plain))
	f.Add(archived(f, "a.csv", plain))
	f.Add(archived(f, "a.csv", plain, "b.pdf", "x"))
	f.Fuzz(func(t *testing.T, content []byte) {
		fuzzFile(t, "a.csv.gz", content, simple())
		fuzzFile(t, "a.csv.zip", content, with(simple(), func(s *Spec) { s.Format = "csv" }))
	})
}
