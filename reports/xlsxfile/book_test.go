package xlsxfile

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/reports/table"
)

// lines is a source that gives the same rows whatever is asked.
type lines string

func (l lines) Copy(_ context.Context, read func(io.Reader) error, _, _ string, _ ...any) error {
	return read(strings.NewReader(string(l)))
}

func (l lines) CopyToFile(context.Context, string, string, string, ...any) error { return nil }

// TestSheetsGoOn: a table with more rows than a sheet takes goes on in the next one,
// and loses none.
func TestSheetsGoOn(t *testing.T) {
	file := excelize.NewFile()
	styles, err := newStyles(file)
	if err != nil {
		t.Fatal(err)
	}
	of := table.Table{Name: "T07", Rows: 5, Columns: []table.Column{{Name: "line", Kind: table.Integer}}, TempDir: t.TempDir(), Source: lines("1\n2\n3\n4\n5\n")}
	book := &bookSheets{file: file, styles: styles, table: of, most: 2}
	if err := book.write(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, name := range []string{"T07", "T07 (2)", "T07 (3)"} {
		rows, err := file.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			got = append(got, row...)
		}
	}
	if want := "line 1 2 line 3 4 line 5"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestBookMissesNoRow: a source that gives fewer rows than were announced is an
// error.
func TestBookMissesNoRow(t *testing.T) {
	of := table.Table{Name: "T07", Rows: 5, Columns: []table.Column{{Name: "line", Kind: table.Integer}}, TempDir: t.TempDir(), Source: lines("1\n")}
	if err := WriteBook(t.Context(), []table.Table{of}, nil, t.TempDir(), &bytes.Buffer{}); err == nil {
		t.Error("no error")
	}
}
