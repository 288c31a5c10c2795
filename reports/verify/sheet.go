package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/reports/table"
)

// openXLSX reads the sheet About; the rows are on the sheet named after the report, above a
// line of totals where there are sums.
func openXLSX(file *os.File) (export, error) {
	e := export{facts: map[string]string{}}
	book, err := excelize.OpenReader(file, excelize.Options{RawCellValue: true})
	if err != nil {
		return e, fmt.Errorf("it is no workbook: %w", err)
	}
	about, err := book.GetRows("About")
	if err != nil {
		return e, errors.Join(ErrNoManifest, book.Close())
	}
	for _, row := range about {
		if len(row) > 0 {
			e.facts[row[0]] = strings.Join(row[1:], "") // a sheet leaves an empty value out
		}
	}
	e.rows = func(ctx context.Context, columns []table.Column, each func([]string)) (err error) {
		defer func() { err = errors.Join(err, book.Close()) }()
		// sheets that are drawn from the rows may stand before them
		name := e.facts[table.FactReport]
		if index, err := book.GetSheetIndex(name); err != nil || index < 0 {
			name = book.GetSheetName(0)
		}
		rows, err := book.Rows(name)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		hasTotals := e.facts[table.FactSums] != ""
		var held []string // cells of the row before: the last one may be the totals, which are no values
		give := func(number int) error {
			values, err := cellTexts(held, columns)
			if err != nil {
				return fmt.Errorf("row %d: %w", number, err)
			}
			each(values)
			return nil
		}
		last := 0
		for number := 1; rows.Next() && ctx.Err() == nil; number++ {
			last = number
			cells, err := rows.Columns()
			if err != nil {
				return err
			}
			if number == 1 {
				if err := sameNames(cells, columns); err != nil {
					return err
				}
				continue
			}
			if held != nil {
				if err := give(number - 1); err != nil {
					return err
				}
			}
			held = append([]string{}, cells...)
		}
		if err := errors.Join(ctx.Err(), rows.Error()); err != nil {
			return err
		}
		if held != nil && !hasTotals {
			return give(last)
		}
		return nil
	}
	return e, nil
}

func sameNames(cells []string, columns []table.Column) error {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	if !slices.Equal(cells, names) {
		return fmt.Errorf("the columns are %v, want %v", cells, names)
	}
	return nil
}

// cellTexts turns what cells hold into the texts of their values. A sheet leaves
// out the empty cells at the end of a row.
func cellTexts(cells []string, columns []table.Column) ([]string, error) {
	values := make([]string, len(columns))
	for i, c := range columns {
		if i >= len(cells) || cells[i] == "" {
			continue
		}
		values[i] = cells[i]
		switch c.Kind {
		case table.Date:
			serial, err := strconv.ParseFloat(cells[i], 64)
			if err != nil {
				return nil, fmt.Errorf("column %s: %q is no date", c.Name, cells[i])
			}
			day, err := excelize.ExcelDateToTime(serial, false)
			if err != nil {
				return nil, fmt.Errorf("column %s: %w", c.Name, err)
			}
			values[i] = day.Format(time.DateOnly)
		case table.Integer, table.Decimal:
			if exact, ok := plainNumber(cells[i], c.Scale); ok {
				values[i] = exact
			}
		case table.Bool:
			values[i] = strconv.FormatBool(cells[i] == "1" || cells[i] == "TRUE")
		}
	}
	return values, nil
}

// exactDigits is how many significant digits a cell keeps of a number.
const exactDigits = 15

// plainNumber writes a number of a cell with its decimals. One that has more digits
// than a cell keeps was written as a text, and stays as it is.
func plainNumber(text string, scale int) (string, bool) {
	digits := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || digits > exactDigits {
		return "", false
	}
	exact := strconv.FormatFloat(number, 'f', scale, 64)
	again, err := strconv.ParseFloat(exact, 64)
	return exact, err == nil && again == number
}
