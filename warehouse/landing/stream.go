package landing

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	schema "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/duck"
)

// csvDialect declares the canonical stream to DuckDB; nothing is detected. The
// buffer is cut for parallel parsing: a larger one leaves threads idle on small
// extracts, a smaller one could not hold the longest line. It is twice the longest
// line: DuckDB 1.5 loses records between buffers where the two are nearly equal,
// which is why land counts the records.
const csvDialect = "delim = '\x1f', quote = '', escape = '', new_line = '\\n', header = false, nullstr = '', " +
	"auto_detect = false, store_rejects = true, max_line_size = 4194304, buffer_size = 8388608"

// parquetOptions were chosen by measuring: dictionaries past a thousand values,
// bloom filters, which no reader of whole batches uses, and the older encodings
// cost a fourth of the time.
const parquetOptions = "format parquet, compression zstd, row_group_size 122880, " +
	"dictionary_size_limit 1000, write_bloom_filter false, use_tmp_file false, parquet_version v2"

// stream is the canonical stream of one dataset, with the statement that lands it.
type stream struct {
	table   schema.Table
	extra   []string
	columns []string // of read_csv: name and type
	values  []string // of the select list
}

// newStream derives the statement from the schema. No text of the user is part
// of it: names of extra columns and constants are bound.
func newStream(table Table) (stream, error) {
	contract, err := schema.Schema(table.Dataset)
	if err != nil {
		return stream{}, err
	}
	s := stream{table: contract, extra: table.Extra}
	for _, c := range contract.Columns {
		switch c.Name {
		case "fiscal_year_start":
			// known once the file is read: it stands in the manifest
		case "entity_id", "batch_id", "source_file":
			s.values = append(s.values, "$"+c.Name+"::"+c.Type+" as "+duck.Ident(c.Name))
		case "extra":
			s.values = append(s.values, s.extraMap()+" as extra")
		default:
			s.columns = append(s.columns, duck.Text(c.Name)+": "+duck.Text(c.Type))
			s.values = append(s.values, duck.Ident(c.Name))
		}
	}
	for i := range s.extra {
		s.columns = append(s.columns, duck.Text(extraColumn(i))+": 'varchar'")
	}
	if _, ok := contract.Column("extra"); !ok && len(s.extra) > 0 {
		return stream{}, fmt.Errorf("stage %q: dataset %s has no place for extra columns", table.SourcePath, table.Dataset)
	}
	return s, nil
}

// extraMap is the map of the extra columns by name, null where there are none.
func (s stream) extraMap() string {
	if len(s.extra) == 0 {
		return "null::map(varchar, varchar)"
	}
	names, values := make([]string, len(s.extra)), make([]string, len(s.extra))
	for i := range s.extra {
		names[i], values[i] = "$"+extraColumn(i)+"::varchar", extraColumn(i)
	}
	return "map([" + strings.Join(names, ", ") + "], [" + strings.Join(values, ", ") + "])"
}

func extraColumn(i int) string { return "extra_" + strconv.Itoa(i+1) }

// copy lands the stream that comes from pipe in the Parquet file to, and returns
// the number of rows.
func (s stream) copy(ctx context.Context, conn *sql.Conn, pipe, to string, b Batch) (int64, error) {
	statement := "copy (select " + strings.Join(s.values, ", ") +
		" from read_csv(" + duck.Text(pipe) + ", " + csvDialect + ", columns = {" + strings.Join(s.columns, ", ") + "})" +
		") to " + duck.Text(to) + " (" + parquetOptions + ")"
	args := []any{
		sql.Named("entity_id", b.EntityID), sql.Named("batch_id", b.ID), sql.Named("source_file", b.SourceFile),
	}
	for i, name := range s.extra {
		args = append(args, sql.Named(extraColumn(i), name))
	}
	// every row carries its line, so its place in the file tells nothing
	if _, err := conn.ExecContext(ctx, "set preserve_insertion_order = false"); err != nil {
		return 0, fmt.Errorf("land %q: %w", b.SourcePath, err)
	}
	result, err := conn.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, fmt.Errorf("land %q: %w", b.SourcePath, err)
	}
	if err := checkRejected(ctx, conn); err != nil {
		return 0, fmt.Errorf("land %q: %w", b.SourcePath, err)
	}
	rows, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("land %q: %w", b.SourcePath, err)
	}
	return rows, nil
}

// checkRejected fails if DuckDB set a record aside: what reaches it was checked
// before, so this is a defect of the program and not of the extract.
func checkRejected(ctx context.Context, conn *sql.Conn) error {
	var record int64
	var column, message sql.NullString
	err := conn.QueryRowContext(ctx,
		"select line, column_name, error_message from reject_errors order by line, column_idx limit 1").
		Scan(&record, &column, &message)
	if _, dropErr := conn.ExecContext(ctx, "drop table reject_errors; drop table reject_scans"); dropErr != nil {
		return errors.Join(err, dropErr)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("internal error: record %d of the canonical stream was not accepted in column %q: %s",
		record, column.String, message.String)
}

// lineCounter counts the records that go through it.
type lineCounter struct {
	w     io.Writer
	lines int64
}

func (c *lineCounter) Write(p []byte) (int, error) {
	c.lines += int64(bytes.Count(p, []byte{'\n'}))
	return c.w.Write(p)
}

// verify reads the footer of the landed file: as many rows as DuckDB said, and no
// null in a column that allows none.
func (s *Staged) verify(stream stream) error {
	f, err := os.Open(s.rows)
	if err != nil {
		return fmt.Errorf("verify batch %q: %w", s.batch.ID, err)
	}
	defer f.Close()
	if s.batch.ParquetSize, err = fileSize(s.rows); err != nil {
		return fmt.Errorf("verify batch %q: %w", s.batch.ID, err)
	}
	file, err := parquet.OpenFile(f, s.batch.ParquetSize, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return fmt.Errorf("verify batch %q: %w", s.batch.ID, err)
	}
	if file.NumRows() != s.batch.Rows {
		return fmt.Errorf("verify batch %q: internal error: %d rows were written and %d landed", s.batch.ID, s.batch.Rows, file.NumRows())
	}
	for _, group := range file.Metadata().RowGroups {
		for _, chunk := range group.Columns {
			path := chunk.MetaData.PathInSchema
			column, ok := stream.table.Column(path[0])
			if ok && column.NotNull && chunk.MetaData.Statistics.NullCount > 0 {
				return fmt.Errorf("verify batch %q: internal error: column %s has %d empty values and allows none",
					s.batch.ID, column.Name, chunk.MetaData.Statistics.NullCount)
			}
		}
	}
	return nil
}
