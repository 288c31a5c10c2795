// Package termsfile draws the tables on payment terms of article D. 441-6 of the
// Code de commerce as a worksheet, in the layout and the words of the law.
//
// Invariant: every figure of the table that it is given stands in one cell, exact to
// the cent; the words are French whatever the language of the reader, as the report
// of the management is.
package termsfile

import (
	"fmt"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Sum is a number of invoices and their amount in hundredths.
type Sum struct{ Count, Amount int64 }

// Cell is a column of line A with its share of the base in ten-thousandths.
type Cell struct {
	Sum
	BasisPoints int64
	HasRatio    bool
}

// Half is the received or the issued half of a table.
type Half struct {
	Cells []Cell // 0 day, 1-30, 31-60, 61-90, 91 and more, 1 day and more
	Base  int64  // what the percentages are of

	Excluded, Disputed, Unbooked, Contractual, Legal, TaxEstimated, LeftOut, Undated Sum
}

// Sheet is one table of one company.
type Sheet struct {
	Entity, Name, Currency string
	IsTaxExcluded          bool
	From, To               time.Time // fiscal year up to the date of the figures
	No                     int       // 1 or 2
	Halves                 [2]Half   // received, issued
	IsProved               bool      // the items add up to the ledger
}

const (
	columns   = 6
	received  = 2 // first column of each half
	issued    = received + columns
	sheetWord = 31 // characters of the name of a sheet
)

// Draw adds the sheet to a workbook. Its name is that of the entity, cut to what a
// workbook allows, and the number of the table.
func Draw(file *excelize.File, s Sheet) error {
	roman := []string{"I", "II"}[s.No-1]
	name := s.Entity
	if most := sheetWord - len(" II"); len(name) > most {
		name = name[:most]
	}
	name += " " + roman
	for i := 2; ; i++ { // two entities may begin alike
		if index, err := file.GetSheetIndex(name); err != nil {
			return err
		} else if index < 0 {
			break
		}
		name = fmt.Sprintf("%.24s~%d %s", s.Entity, i, roman)
	}
	if _, err := file.NewSheet(name); err != nil {
		return err
	}
	d := &drawing{file: file, sheet: name, of: s, styles: map[string]int{}}
	for _, step := range []func() error{d.page, d.title, d.heads, d.partA, d.partB, d.partC, d.notes} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// drawing writes one sheet from top to bottom.
type drawing struct {
	file   *excelize.File
	sheet  string
	of     Sheet
	styles map[string]int
	row    int // the last that was written
}

// page makes the sheet one landscape page of A4.
func (d *drawing) page() error {
	size, landscape, one := 9, "landscape", 1
	if err := d.file.SetPageLayout(d.sheet, &excelize.PageLayoutOptions{
		Size: &size, Orientation: &landscape, FitToWidth: &one, FitToHeight: &one,
	}); err != nil {
		return err
	}
	fit, grid, margin, centred := true, false, 0.4, true
	if err := d.file.SetSheetProps(d.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := d.file.SetSheetView(d.sheet, 0, &excelize.ViewOptions{ShowGridLines: &grid}); err != nil {
		return err
	}
	if err := d.file.SetPageMargins(d.sheet, &excelize.PageLayoutMarginsOptions{
		Left: &margin, Right: &margin, Top: &margin, Bottom: &margin, Horizontally: &centred,
	}); err != nil {
		return err
	}
	if err := d.file.SetColWidth(d.sheet, "A", "A", 38); err != nil {
		return err
	}
	return d.file.SetColWidth(d.sheet, "B", "M", 13.5)
}

// cell names a cell by its column and row from 1.
func cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return "" // outside of any sheet: the call that takes it fails
	}
	return name
}

// text writes a text over columns from and to of the row, in a style.
func (d *drawing) text(from, to int, style, value string) error {
	if err := d.span(from, to, style); err != nil {
		return err
	}
	return d.file.SetCellStr(d.sheet, cell(from, d.row), value)
}

// figure writes a number that is given in decimal digits, so that none is lost.
func (d *drawing) figure(from, to int, style, digits string) error {
	if err := d.span(from, to, style); err != nil {
		return err
	}
	return d.file.SetCellDefault(d.sheet, cell(from, d.row), digits)
}

// span merges columns of the row and gives them a style.
func (d *drawing) span(from, to int, style string) error {
	id, err := d.style(style)
	if err != nil {
		return err
	}
	if from < to {
		if err := d.file.MergeCell(d.sheet, cell(from, d.row), cell(to, d.row)); err != nil {
			return err
		}
	}
	return d.file.SetCellStyle(d.sheet, cell(from, d.row), cell(to, d.row), id)
}

// next goes to the next row, which is so many points high.
func (d *drawing) next(height float64) error {
	d.row++
	return d.file.SetRowHeight(d.sheet, d.row, height)
}

// style makes a style once.
func (d *drawing) style(name string) (int, error) {
	if id, ok := d.styles[name]; ok {
		return id, nil
	}
	id, err := d.file.NewStyle(styleOf(name))
	d.styles[name] = id
	return id, err
}

func styleOf(name string) *excelize.Style {
	var border []excelize.Border
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Style: 1, Color: "444444"})
	}
	made := &excelize.Style{
		Font:      &excelize.Font{Size: 10, Family: "Arial"},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	}
	formats := map[string]string{"amount": "#,##0.00;(#,##0.00)", "count": "#,##0", "percent": "0.00%;(0.00%)"}
	kind, centred := strings.CutSuffix(name, " centred")
	format := formats[kind]
	switch kind {
	case "title":
		made.Font.Size, made.Font.Bold = 13, true
		return made
	case "note":
		made.Font.Size, made.Alignment.Vertical = 9, "top"
		return made
	case "head":
		made.Font.Bold, made.Alignment.Horizontal = true, "center"
		made.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DCE6F1"}}
	case "part":
		made.Font.Bold = true
		made.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F2F2F2"}}
	case "grey":
		made.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"BFBFBF"}}
	case "amount", "count", "percent":
		made.CustomNumFmt, made.Alignment.Horizontal = &format, "right"
		if centred {
			made.Alignment.Horizontal = "center"
		}
	}
	made.Border = border
	return made
}
