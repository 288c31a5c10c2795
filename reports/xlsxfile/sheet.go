package xlsxfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/reports/table"
)

// What a cell can hold (Excel specifications and limits).
const (
	exactDigits   = 15
	longestText   = 32767
	dateFormat    = "yyyy-mm-dd"
	amountFormat  = "#,##0.00"
	integerFormat = "0"
)

// styles are the formats of a workbook.
type styles struct {
	bold     int
	formats  map[string]int // by number format
	totals   map[string]int // the same, bold, under a line
	totalTag int
}

func newStyles(file *excelize.File) (s styles, err error) {
	s = styles{formats: map[string]int{}, totals: map[string]int{}}
	bold := &excelize.Font{Bold: true}
	line := []excelize.Border{{Type: "top", Style: 1, Color: "000000"}}
	if s.bold, err = file.NewStyle(&excelize.Style{Font: bold}); err != nil {
		return s, err
	}
	if s.totalTag, err = file.NewStyle(&excelize.Style{Font: bold, Border: line}); err != nil {
		return s, err
	}
	for _, format := range []string{dateFormat, integerFormat, amountFormat, decimalFormat(4), decimalFormat(6)} {
		if s.formats[format], err = file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return s, err
		}
		if s.totals[format], err = file.NewStyle(&excelize.Style{CustomNumFmt: &format, Font: bold, Border: line}); err != nil {
			return s, err
		}
	}
	return s, nil
}

// decimalFormat is the format of a number with that many decimals.
func decimalFormat(scale int) string {
	if scale == 2 {
		return amountFormat
	}
	return "0." + strings.Repeat("0", scale)
}

func format(c table.Column) string {
	switch c.Kind {
	case table.Date:
		return dateFormat
	case table.Integer:
		return integerFormat
	case table.Decimal:
		return decimalFormat(c.Scale)
	}
	return ""
}

// fitToPaper makes a sheet print on pages as wide as its table, its first row on each.
func fitToPaper(file *excelize.File, name string, header bool) error {
	fit, landscape, a4, wide, long := true, "landscape", 9, 1, 0
	problems := []error{
		file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}),
		file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &long}),
		file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P / &N"}),
	}
	if header {
		problems = append(problems, file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: name, RefersTo: "'" + strings.ReplaceAll(name, "'", "''") + "'!$1:$1",
		}))
	}
	return errors.Join(problems...)
}

// sheet writes the rows of one sheet in their order.
type sheet struct {
	stream  *excelize.StreamWriter
	styles  styles
	columns []table.Column
	rows    int64
}

func (s *sheet) writeHeader() error {
	var header []any
	for i, c := range s.columns {
		if err := s.stream.SetColWidth(i+1, i+1, width(c)); err != nil {
			return err
		}
		header = append(header, excelize.Cell{StyleID: s.styles.bold, Value: c.Name})
	}
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return s.stream.SetRow("A1", header)
}

func width(c table.Column) float64 {
	least := map[table.Kind]int{table.Text: 16, table.Date: 12, table.Integer: 12, table.Decimal: 16, table.Bool: 10}[c.Kind]
	if strings.HasSuffix(c.Name, "_name") || c.Name == "source_file" {
		least = 36
	}
	return float64(max(least, len(c.Name)+3))
}

func (s *sheet) writeRows(records *csv.Reader) error {
	records.ReuseRecord = true
	records.FieldsPerRecord = len(s.columns)
	values := make([]any, len(s.columns))
	for {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i, c := range s.columns {
			if values[i], err = cell(c, record[i], s.styles.formats[format(c)]); err != nil {
				return fmt.Errorf("row %d, column %s: %w", s.rows+1, c.Name, err)
			}
		}
		s.rows++
		if err := s.stream.SetRow("A"+strconv.FormatInt(s.rows+1, 10), values); err != nil {
			return err
		}
	}
}

// writeTotals writes the sums below the rows, outside the filter.
func (s *sheet) writeTotals() error {
	values, has := make([]any, len(s.columns)), false
	for i, c := range s.columns {
		value, err := cell(c, c.Total, s.styles.totals[format(c)])
		if err != nil {
			return fmt.Errorf("total of %s: %w", c.Name, err)
		}
		if c.Total == "" {
			value = excelize.Cell{StyleID: s.styles.totalTag}
		}
		values[i], has = value, has || c.Total != ""
	}
	if !has {
		return nil
	}
	if s.columns[0].Total == "" {
		values[0] = excelize.Cell{StyleID: s.styles.totalTag, Value: "Total"}
	}
	return s.stream.SetRow("A"+strconv.FormatInt(s.rows+2, 10), values)
}

// cell turns the text of a value into a cell. A number with more digits than a
// spreadsheet keeps stays a text, so that none is lost.
func cell(c table.Column, text string, style int) (any, error) {
	if text == "" {
		return nil, nil
	}
	made := excelize.Cell{StyleID: style}
	switch c.Kind {
	case table.Date:
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return nil, err
		}
		made.Value = day
	case table.Integer, table.Decimal:
		if digits(text) > exactDigits {
			return text, nil
		}
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, err
		}
		made.Value = number
	case table.Bool:
		made.Value = text == "true"
	default:
		if utf8.RuneCountInString(text) > longestText {
			return nil, fmt.Errorf("the text has more than the %d characters that a cell holds", longestText)
		}
		return text, nil
	}
	return made, nil
}

// digits counts the significant digits of a plain decimal number.
func digits(text string) int {
	text = strings.TrimLeft(strings.ReplaceAll(strings.TrimPrefix(text, "-"), ".", ""), "0")
	return len(strings.TrimRight(text, "0"))
}
