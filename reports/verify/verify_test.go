package verify_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/encours/encours/reports/arrowfile"
	"github.com/encours/encours/reports/csvfile"
	"github.com/encours/encours/reports/jsonfile"
	"github.com/encours/encours/reports/parquetfile"
	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/reports/table/tabletest"
	"github.com/encours/encours/reports/verify"
	"github.com/encours/encours/reports/xlsxfile"
)

var writers = map[string]func(context.Context, table.Table, io.Writer) error{
	"csv": csvfile.Write, "xlsx": xlsxfile.Write, "parquet": parquetfile.Write, "arrow": arrowfile.Write, "json": jsonfile.Write,
}

// sealed is the awkward table with the facts by which it is verified.
func sealed(t *testing.T) table.Table {
	t.Helper()
	of := tabletest.Held(t, tabletest.Awkward(t))
	of.Facts = table.Sealed(append(of.Facts,
		table.Fact{Name: table.FactSums, Value: table.SumsText(of.Columns)},
		table.Fact{Name: table.FactColumns, Value: table.ColumnsText(of.Columns)},
		table.Fact{Name: table.FactDigest, Value: of.Digest}))
	return of
}

func write(t *testing.T, of table.Table, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := writers[format](t.Context(), of, &out); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "awkward."+format)
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func failed(r verify.Result) string {
	var all []string
	for _, c := range r.Checks {
		if !c.OK {
			all = append(all, fmt.Sprintf("%s: want %s, got %s", c.Name, c.Want, c.Got))
		}
	}
	return strings.Join(all, "\n")
}

// TestFormats: the awkward table holds in every format what it says of itself: one
// hash for all.
func TestFormats(t *testing.T) {
	of := sealed(t)
	for format := range writers {
		t.Run(format, func(t *testing.T) {
			r, err := verify.File(t.Context(), write(t, of, format), ".manifest.json")
			if err != nil || !r.OK() || len(r.Checks) < 3 {
				t.Errorf("%v\n%s\n%v", err, failed(r), r.Checks)
			}
		})
	}
}

// TestLies: facts that are not those of the rows are found in every format.
func TestLies(t *testing.T) {
	for name, c := range map[string]struct {
		fact, value, want string
	}{
		"a row more":   {table.FactRows, "8", "rows: want 8, got 7"},
		"another sum":  {table.FactSums, "open_amount=1.00", "sum of open_amount: want 1.00, got 9999999999998765.42"},
		"another hash": {table.FactDigest, strings.Repeat("0", 64), "hash of the rows"},
	} {
		for format := range writers {
			t.Run(name+" in "+format, func(t *testing.T) {
				of := sealed(t)
				for i := range of.Facts {
					if of.Facts[i].Name == c.fact {
						of.Facts[i].Value = c.value
					}
				}
				r, err := verify.File(t.Context(), write(t, of, format), ".manifest.json")
				if err != nil || r.OK() || !strings.Contains(failed(r), c.want) {
					t.Errorf("%v\n%s", err, failed(r))
				}
			})
		}
	}
}

// TestChangedFiles: an amount that was edited, a row that was taken out, a file that
// ends too soon.
func TestChangedFiles(t *testing.T) {
	of := sealed(t)
	text := map[string]string{}
	for _, format := range []string{"csv", "json", "parquet", "arrow", "xlsx"} {
		raw, err := os.ReadFile(write(t, of, format))
		if err != nil {
			t.Fatal(err)
		}
		text[format] = string(raw)
	}
	for name, c := range map[string]struct{ format, text, want string }{
		"csv amount":  {"csv", strings.Replace(text["csv"], "-1234.50", "-1234.05", 1), "sum of open_amount"},
		"csv head":    {"csv", strings.Replace(text["csv"], "c, =d", "c, =e", 1), "hash of the manifest"},
		"csv name":    {"csv", strings.Replace(text["csv"], "a=b", "a=c", 1), "hash of the rows"},
		"csv row":     {"csv", strings.Replace(text["csv"], "7,a=b,2024-01-01,-0.16,0.000000,true\n", "", 1), "want 7, got 6"},
		"csv columns": {"csv", strings.Replace(text["csv"], "share_ratio,is_late\n", "is_late,share_ratio\n", 1), "columns"},
		"csv no head": {"csv", text["csv"][strings.Index(text["csv"], "no,customer"):], "says nothing of itself"},
		"csv cut":     {"csv", text["csv"][:len(text["csv"])-30], "line"},
		"json amount": {"json", strings.Replace(text["json"], "-1234.50", "-1234.51", 1), "sum of open_amount"},
		"json cut":    {"json", text["json"][:len(text["json"])-3], "EOF"},
		"parquet cut": {"parquet", text["parquet"][:len(text["parquet"])-9], "no whole Parquet file"},
		"arrow cut":   {"arrow", text["arrow"][:len(text["arrow"])-9], "no whole Arrow file"},
		"xlsx cut":    {"xlsx", text["xlsx"][:len(text["xlsx"])/2], "no workbook"},
		"not a file":  {"odt", "x", "ending is not one of"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "changed."+c.format)
			if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			r, err := verify.File(t.Context(), path, ".manifest.json")
			if said := failed(r) + fmt.Sprint(err); r.OK() && err == nil || !strings.Contains(said, c.want) {
				t.Errorf("%s", said)
			}
			if c.format == "csv" && strings.Contains(name, "no head") && !errors.Is(err, verify.ErrNoManifest) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func FuzzFile(f *testing.F) {
	f.Add("csv", []byte("# encours_report: x\n# rows: 1\n# columns: a=integer\n# rows_sha256: 0\n# manifest_sha256: 0\na\n1\n"))
	f.Add("json", []byte(`{"meta":{"encours_report":"x","rows":1,"columns":"a=decimal:2","rows_sha256":"0","manifest_sha256":"0"},"rows":[{"a":1.00}]}`))
	f.Fuzz(func(t *testing.T, format string, text []byte) {
		path := filepath.Join(t.TempDir(), "file."+map[bool]string{true: "csv", false: "json"}[format == "csv"])
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		if r, err := verify.File(t.Context(), path, ".manifest.json"); err == nil && r.OK() && r.Facts[table.FactDigest] == "" {
			t.Error("a file without a hash is called right")
		}
	})
}

// TestADateMayComeFirst: the row of totals of a workbook holds a word in the first
// column, whatever that column is.
func TestADateMayComeFirst(t *testing.T) {
	of := tabletest.Awkward(t)
	of.Columns[0], of.Columns[2] = of.Columns[2], of.Columns[0]
	of = tabletest.Held(t, of)
	of.Facts = table.Sealed(append(of.Facts,
		table.Fact{Name: table.FactSums, Value: table.SumsText(of.Columns)},
		table.Fact{Name: table.FactColumns, Value: table.ColumnsText(of.Columns)},
		table.Fact{Name: table.FactDigest, Value: of.Digest}))
	r, err := verify.File(t.Context(), write(t, of, "xlsx"), ".manifest.json")
	if err != nil || !r.OK() {
		t.Errorf("%v\n%s", err, failed(r))
	}
}
