package xlsxfile

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/reports/table"
)

// WriteBook writes a workbook with one sheet per table, named after it, and
// "About" as the first one, with facts. A table with more rows than a sheet holds
// goes on in further sheets, "NAME (2)" and so on: nothing is left out. It must have
// as many rows as Rows says before. The facts
// of a table stand in About after the others. tempDir exists; w is not closed.
func WriteBook(ctx context.Context, tables []table.Table, facts []table.Fact, tempDir string, w io.Writer) (err error) {
	file := excelize.NewFile(excelize.Options{TmpDir: tempDir})
	defer func() { err = errors.Join(err, file.Close()) }()
	styles, err := newStyles(file)
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	if err := file.SetSheetName(file.GetSheetName(0), aboutSheet); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	for _, t := range tables {
		facts = append(append(facts, t.Facts...), table.Fact{})
	}
	if err := writeAbout(file, styles, facts); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	for _, t := range tables {
		book := &bookSheets{file: file, styles: styles, table: t, most: mostRows}
		if err := book.write(ctx); err != nil {
			return fmt.Errorf("write sheet %q: %w", t.Name, err)
		}
	}
	return send(file, table.Table{Name: "workbook"}, w)
}

// bookSheets writes one table into as many sheets as it needs.
type bookSheets struct {
	file   *excelize.File
	styles styles
	table  table.Table
	most   int64 // rows that a sheet takes
	sheets int
	total  int64
	now    *sheet
}

func (b *bookSheets) write(ctx context.Context) (err error) {
	if err := b.next(); err != nil {
		return err
	}
	announced := b.table
	defer func() { err = errors.Join(err, b.table.Release()) }()
	if err := b.table.Hold(ctx, false); err != nil {
		return err
	}
	if err := b.table.Records(func(r io.Reader) error { return b.read(csv.NewReader(r)) }); err != nil {
		return err
	}
	if err := announced.CheckRows(b.total); err != nil {
		return err
	}
	return b.now.stream.Flush()
}

// next ends the sheet in hand and begins another.
func (b *bookSheets) next() error {
	name := b.table.Name
	if b.sheets++; b.sheets > 1 {
		if err := b.now.stream.Flush(); err != nil {
			return err
		}
		name += " (" + strconv.Itoa(b.sheets) + ")"
	}
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	if err := fitToPaper(b.file, name, true); err != nil {
		return err
	}
	stream, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	b.now = &sheet{stream: stream, styles: b.styles, columns: b.table.Columns}
	return b.now.writeHeader()
}

func (b *bookSheets) read(records *csv.Reader) error {
	records.ReuseRecord = true
	records.FieldsPerRecord = len(b.table.Columns)
	values := make([]any, len(b.table.Columns))
	for {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if b.now.rows == b.most {
			if err := b.next(); err != nil {
				return err
			}
		}
		for i, c := range b.table.Columns {
			if values[i], err = cell(c, record[i], b.styles.formats[format(c)]); err != nil {
				return fmt.Errorf("row %d, column %s: %w", b.total+1, c.Name, err)
			}
		}
		b.now.rows++
		b.total++
		if err := b.now.stream.SetRow("A"+strconv.FormatInt(b.now.rows+1, 10), values); err != nil {
			return err
		}
	}
}
