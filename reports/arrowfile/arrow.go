// Package arrowfile writes a report as an Arrow IPC file (extension .arrow), with
// what it stands on in the metadata of its schema.
//
// Invariant: the types are those of the warehouse (decimal128, date32, null); rows
// are never all in memory; a file without its footer is not a report, and the
// footer is written only after as many rows as were announced.
package arrowfile

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/parquet-go/parquet-go"

	"github.com/encours/encours/reports/table"
)

// batchRows is how many rows a record batch holds.
const batchRows = 65_536

// Write writes the table to w, which it does not close. The rows are read back from
// the Parquet file in which the table holds them, a batch at a time: the driver of
// DuckDB would hold the whole result in memory. After an error what was written has
// no footer.
func Write(ctx context.Context, t table.Table, w io.Writer) error {
	if err := convert(ctx, t, w); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	return nil
}

// convert writes the rows as an Arrow file.
func convert(ctx context.Context, t table.Table, w io.Writer) (err error) {
	source, err := t.File()
	if err != nil {
		return err
	}
	defer source.Close() // it was only read
	info, err := source.Stat()
	if err != nil {
		return err
	}
	file, err := parquet.OpenFile(source, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	columns, schema, err := columnsOf(file, t.Facts)
	if err != nil {
		return err
	}
	out, err := ipc.NewFileWriter(w, ipc.WithSchema(schema))
	if err != nil {
		return err
	}
	batch := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer batch.Release()
	written := int64(0)
	for _, group := range file.RowGroups() {
		rows := group.Rows()
		count, err := copyRows(ctx, rows, columns, batch, out)
		if err = errors.Join(err, rows.Close()); err != nil {
			return err
		}
		written += count
	}
	if err := t.CheckRows(written); err != nil {
		return err // without Close: the file stays without a footer
	}
	return out.Close()
}

// copyRows writes the rows of a row group as record batches.
func copyRows(ctx context.Context, rows parquet.Rows, columns []column, batch *array.RecordBuilder, out *ipc.FileWriter) (int64, error) {
	buffer := make([]parquet.Row, 1024)
	written, held := int64(0), 0
	flush := func() error {
		record := batch.NewRecordBatch()
		defer record.Release()
		written, held = written+int64(held), 0
		return out.Write(record)
	}
	for {
		n, err := rows.ReadRows(buffer)
		for _, row := range buffer[:n] {
			for _, value := range row {
				columns[value.Column()](batch.Field(value.Column()), value)
			}
		}
		if held += n; held >= batchRows || errors.Is(err, io.EOF) && held > 0 {
			if err := errors.Join(ctx.Err(), flush()); err != nil {
				return written, err
			}
		}
		if errors.Is(err, io.EOF) {
			return written, nil
		}
		if err != nil {
			return written, err
		}
	}
}
