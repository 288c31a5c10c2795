// Package xlsxfile writes a report as an Excel workbook: a sheet with the rows and
// one, "About", with what they stand on.
//
// Invariant: dates and numbers are dates and numbers, not texts; no text is a
// formula; nothing is cut off: a report with more rows than a sheet can hold is an
// error before anything is written. Rows are never held in memory.
package xlsxfile

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/reports/table"
)

const (
	aboutSheet = "About"
	// the header and the totals take a row each
	mostRows = excelize.TotalRows - 2
)

// TooLargeError says that a report does not fit in a sheet.
type TooLargeError struct {
	Name string
	Rows int64
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("report %q has %d rows and a sheet holds at most %d: take it as csv or parquet, or narrow it",
		e.Name, e.Rows, mostRows)
}

// Write writes the table to w, which it does not close. It returns a
// *TooLargeError, before the first byte, for a report that a sheet cannot hold.
func Write(ctx context.Context, t table.Table, w io.Writer) (err error) {
	return WriteWith(ctx, t, nil, w)
}

// WriteWith is Write with the sheets that draw adds, which come first and of which
// the first is shown when the workbook is opened. A nil draw adds none.
func WriteWith(ctx context.Context, t table.Table, draw func(*excelize.File) error, w io.Writer) (err error) {
	if t.Rows > mostRows {
		return &TooLargeError{t.Name, t.Rows}
	}
	file := excelize.NewFile(excelize.Options{TmpDir: t.TempDir})
	defer func() { err = errors.Join(err, file.Close()) }() // removes its temporary files
	styles, err := newStyles(file)
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	if err := file.SetSheetName(file.GetSheetName(0), t.Name); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	if err := writeAbout(file, styles, t.Facts); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	if err := writeData(ctx, file, styles, t); err != nil {
		return err
	}
	if draw != nil {
		if err := drawFirst(file, t.Name, draw); err != nil {
			return fmt.Errorf("write report %q: %w", t.Name, err)
		}
	}
	return send(file, t, w)
}

// drawFirst adds sheets and puts them before those that are there.
func drawFirst(file *excelize.File, data string, draw func(*excelize.File) error) error {
	before := len(file.GetSheetList())
	if err := draw(file); err != nil {
		return err
	}
	for _, name := range file.GetSheetList()[before:] {
		if err := file.MoveSheet(name, data); err != nil {
			return err
		}
	}
	file.SetActiveSheet(0)
	return nil
}

// send writes the archive straight to w: the library would hold it in memory.
func send(file *excelize.File, t table.Table, w io.Writer) error {
	archive := zip.NewWriter(w)
	file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return archive })
	if _, err := file.WriteToBuffer(); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	return nil
}

// writeData streams header, rows and totals into the first sheet.
func writeData(ctx context.Context, file *excelize.File, styles styles, t table.Table) error {
	last, err := excelize.CoordinatesToCellName(len(t.Columns), int(t.Rows)+1)
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	// the filter is part of what the stream writes at its end: it comes first
	if err := file.AutoFilter(t.Name, "A1:"+last, nil); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	if err := fitToPaper(file, t.Name, true); err != nil {
		return err
	}
	stream, err := file.NewStreamWriter(t.Name)
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	s := sheet{stream: stream, styles: styles, columns: t.Columns}
	if err := s.writeHeader(); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	err = t.Records(func(r io.Reader) error { return s.writeRows(csv.NewReader(r)) })
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	if err := t.CheckRows(s.rows); err != nil {
		return err
	}
	if err := errors.Join(s.writeTotals(), stream.Flush()); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	return nil
}

// writeAbout fills the second sheet.
func writeAbout(file *excelize.File, styles styles, facts []table.Fact) error {
	if _, err := file.NewSheet(aboutSheet); err != nil {
		return err
	}
	problems := []error{fitToPaper(file, aboutSheet, false), file.SetColWidth(aboutSheet, "A", "A", 22), file.SetColWidth(aboutSheet, "B", "B", 90)}
	for i, fact := range facts {
		row := i + 1
		problems = append(problems,
			file.SetCellStr(aboutSheet, fmt.Sprintf("A%d", row), fact.Name),
			file.SetCellStyle(aboutSheet, fmt.Sprintf("A%d", row), fmt.Sprintf("A%d", row), styles.bold),
			file.SetCellStr(aboutSheet, fmt.Sprintf("B%d", row), table.Neutral(fact.Value)))
	}
	return errors.Join(problems...)
}
