package xlsxfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/reports/table/tabletest"
	"github.com/encours/encours/reports/xlsxfile"
)

func read(t *testing.T, awkward table.Table) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := xlsxfile.Write(t.Context(), awkward, &out); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	})
	return book
}

func TestWrite(t *testing.T) {
	awkward := tabletest.Held(t, tabletest.Awkward(t))
	book := read(t, awkward)
	for cell, want := range map[string]string{
		"B2": "'=cmd|' /C calc'!A0", "C2": "2024-02-29", "D2": "-1,234.50", "E2": "0.250000", "F2": "TRUE",
		"A3": "2", "B3": "", "C3": "", "D3": "", "F3": "", "F4": "FALSE",
		"B5": "Société \"É\", N° 1;\nbis", "B6": "'＋33 1", "D6": "9999999999999999.99", "E6": "-0.000001",
		"B7": "'-5", "B8": "a=b", "A9": "Total", "D9": "9999999999998765.42", "E9": "", "A10": "",
	} {
		if got, err := book.GetCellValue("awkward", cell); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", cell, got, err, want)
		}
	}
	// a number that a spreadsheet would round is a text, others are numbers
	for cell, want := range map[string]excelize.CellType{
		"D2": excelize.CellTypeUnset, "D6": excelize.CellTypeInlineString, "C2": excelize.CellTypeUnset, "F2": excelize.CellTypeBool,
	} {
		if got, err := book.GetCellType("awkward", cell); err != nil || got != want {
			t.Errorf("type of %s: %v, %v, want %v", cell, got, err, want)
		}
	}
	for _, cell := range []string{"B2", "B6", "B7"} {
		if formula, err := book.GetCellFormula("awkward", cell); err != nil || formula != "" {
			t.Errorf("%s is a formula: %q, %v", cell, formula, err)
		}
	}
	if about, err := book.GetRows("About"); err != nil || fmt.Sprint(about[2]) != "[rows 7]" {
		t.Errorf("about %v, %v", about, err)
	}
	if width, err := book.GetColWidth("awkward", "B"); err != nil || width < 30 {
		t.Errorf("width of a name: %v, %v", width, err)
	}
	for _, sheet := range []string{"awkward", "About"} {
		layout, err := book.GetPageLayout(sheet)
		if err != nil || *layout.Orientation != "landscape" || layout.FitToWidth == nil || *layout.FitToWidth != 1 {
			t.Errorf("%s prints %+v, %v", sheet, layout, err)
		}
		props, err := book.GetSheetProps(sheet)
		if err != nil || props.FitToPage == nil || !*props.FitToPage {
			t.Errorf("%s is not fitted to the paper: %v", sheet, err)
		}
	}
}

func TestManyRowsGoThroughTheDisk(t *testing.T) {
	big := tabletest.Awkward(t)
	big.Args = nil
	big.Query = `select cast(i as integer) as no, repeat('x', 90) as customer_name, date '2024-01-01' as due_date,
		cast(i as decimal(18, 2)) as open_amount, cast(0 as decimal(9, 6)) as share_ratio, true as is_late from range(200000) as r(i)`
	book := read(t, tabletest.Held(t, big))
	if got, err := book.GetCellValue("awkward", "D200001"); err != nil || got != "199,999.00" {
		t.Errorf("last row %q, %v", got, err)
	}
	left, err := os.ReadDir(big.TempDir)
	if err != nil || len(left) > 1 { // the rows are held until the end
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestWhatASheetCannotHold(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*table.Table)
		want   string
	}{
		"too many rows": {func(t *table.Table) { t.Rows = 1_048_575 }, "at most 1048574: take it as csv or parquet"},
		"too long a text": {func(t *table.Table) {
			t.Query = strings.Replace(t.Query, "'-5'", "repeat('x', 32768)", 1)
		}, "row 6, column customer_name"},
		"fewer rows than announced": {func(t *table.Table) { t.Rows = 8 }, "7 written"},
	} {
		t.Run(name, func(t *testing.T) {
			awkward := tabletest.Awkward(t)
			if name == "too long a text" {
				c.change(&awkward)
			}
			awkward = tabletest.Held(t, awkward)
			if name != "too long a text" {
				c.change(&awkward)
			}
			var out bytes.Buffer
			err := xlsxfile.Write(t.Context(), awkward, &out)
			if err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 {
				t.Errorf("error %v, %d bytes written", err, out.Len())
			}
			if tooLarge, is := errors.AsType[*xlsxfile.TooLargeError](err); is != (name == "too many rows") {
				t.Errorf("type %v", tooLarge)
			}
		})
	}
}
