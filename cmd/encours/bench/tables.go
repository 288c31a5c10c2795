package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/warehouse/duck"
)

// tableFormats are those in which a file of invoices is loaded.
var tableFormats = []string{"csv", "ndjson", "parquet", "xlsx"}

// sheetRows is how many rows fit on a sheet beside the header.
const sheetRows = 1_048_575

const tablesYAML = `version: 1
name: tables
entities: [{ id: A, name: A }]
sources:
%s`

const tableSource = `  - name: %[1]s
    kind: table
    entity: A
    paths: ["invoices.%[1]s"]
    dataset: invoices
    dates: YYYY-MM-DD
    decimal: "."
    columns:
      side: { constant: customer }
      document_id: document
      counterparty_id: customer
      document_type: { constant: invoice }
      issue_date: issued
      due_date: due
      amount: amount
      instalment: { constant: "1" }
`

// tables loads a file of as many invoices in each format of kind table.
func (o Options) tables(ctx context.Context, dir string, s *size) error {
	folder := filepath.Join(dir, "tables")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := writeTables(ctx, folder, s.invoices); err != nil {
		return err
	}
	sources := ""
	for _, format := range tableFormats {
		sources += fmt.Sprintf(tableSource, format)
	}
	if err := os.WriteFile(filepath.Join(folder, "encours.yaml"), fmt.Appendf(nil, tablesYAML, sources), 0o644); err != nil {
		return err
	}
	for _, format := range tableFormats {
		p, err := o.command(ctx, "ingest", "--project", folder, format)
		if err != nil {
			return err
		}
		s.tables[format] = p
	}
	return os.RemoveAll(folder)
}

func writeTables(ctx context.Context, folder string, rows int) (err error) {
	db, err := duck.Open(ctx, "", duck.Limits{MemoryBytes: 2 << 30, TempDir: folder, TempBytes: 50 << 30}, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	query := fmt.Sprintf(`select 'F' || i as document, 'C' || i %% 20000 as customer,
		cast(date '2024-01-01' + cast(i %% 700 as integer) as date) as issued,
		cast(date '2024-01-31' + cast(i %% 700 as integer) as date) as due,
		cast(i * 7919 %% 9000000 / 100 as decimal(18, 2)) as amount
		from range(%d) as invoices (i)`, rows)
	for format, options := range map[string]string{
		"csv": "format csv, header", "ndjson": "format json", "parquet": "format parquet, compression zstd",
	} {
		file := filepath.Join(folder, "invoices."+format)
		if _, err := db.ExecContext(ctx, "copy ("+query+") to "+duck.Text(file)+" ("+options+")"); err != nil {
			return err
		}
	}
	return writeSheet(filepath.Join(folder, "invoices.xlsx"), min(rows, sheetRows))
}

func writeSheet(file string, rows int) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	if err := sheet.SetRow("A1", []any{"document", "customer", "issued", "due", "amount"}); err != nil {
		return err
	}
	first := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		issued := first.AddDate(0, 0, i%700)
		row := []any{
			"F" + strconv.Itoa(i), "C" + strconv.Itoa(i%20000), issued.Format(time.DateOnly),
			issued.AddDate(0, 0, 30).Format(time.DateOnly), float64(i*7919%9000000) / 100,
		}
		if err := sheet.SetRow("A"+strconv.Itoa(i+2), row); err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return book.SaveAs(file)
}
