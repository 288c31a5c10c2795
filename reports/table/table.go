// Package table is the contract between a report and the formats in which it can
// be taken away.
//
// Invariant: the rows of a table are held, counted, added up and hashed in one pass
// before a format reads the first one; they have a total order, and a format writes
// all of them or returns an error.
package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/encours/encours/warehouse/duck"
)

// Source runs the query of a table. *session.Session is one.
type Source interface {
	// Copy streams the result of a query to read, in the format that options name.
	Copy(ctx context.Context, read func(io.Reader) error, options, query string, args ...any) error
	// CopyToFile writes the result of a query to a file.
	CopyToFile(ctx context.Context, file, options, query string, args ...any) error
}

// Kind is what the values of a column are.
type Kind int

// The kinds of columns.
const (
	Text Kind = iota
	Date
	Integer
	Decimal
	Bool
)

// Column is one column of a table.
type Column struct {
	Name  string
	Kind  Kind
	Scale int    // decimals of a Decimal
	Adds  bool   // its values can be added up
	Total string // their sum, see Hold; empty where Adds is not set
}

// Fact is a line of what a table stands on.
type Fact struct {
	Name     string
	Value    string
	IsNumber bool
}

// Table is a report that is about to be written.
type Table struct {
	Name    string
	Facts   []Fact // in the order in which they are shown
	Columns []Column
	Rows    int64  // see Hold
	Digest  string // hash of the rows, in their order, as RowHash makes it, see Hold
	Query   string // a select; Order sorts its rows
	Order   string // terms that name columns of the query as listed.<column>; empty: it has its order
	Args    []any
	Source  Source
	TempDir string // exists; for files on their way, which the format removes

	held     string // folder of the rows, see Hold
	columnar string // their Parquet file, where there is one
}

// Names of the files in which the rows are held.
const (
	heldRows    = "rows.parquet"
	heldRecords = "rows.csv"
)

// Hold runs the query once and keeps its rows, in their order, in files of the
// temporary folder: as records, and where columnar is set also as a Parquet file.
// Rows, Digest and the totals of the columns are those of the records, so that what
// is said of the rows and every format are made from the same ones, and nothing
// sorts them again. Release removes the files, also after an error.
func (t *Table) Hold(ctx context.Context, columnar bool) (err error) {
	if t.held, err = os.MkdirTemp(t.TempDir, "rows-"); err != nil {
		return fmt.Errorf("hold the rows of report %q: %w", t.Name, err)
	}
	if columnar {
		file := filepath.Join(t.held, heldRows)
		if err := t.Source.CopyToFile(ctx, file, "format parquet, compression zstd"+inOrder, t.plain(), t.Args...); err != nil {
			return fmt.Errorf("hold the rows of report %q: %w", t.Name, err)
		}
		t.columnar, t.Order, t.Args = file, "", nil
		t.Query = "select * from read_parquet(" + duck.Text(file) + ")"
	}
	if err := t.holdRecords(ctx); err != nil {
		return fmt.Errorf("hold the rows of report %q: %w", t.Name, err)
	}
	return nil
}

// holdRecords keeps the records, and counts, adds up and hashes them on their way.
func (t *Table) holdRecords(ctx context.Context) (err error) {
	file, err := os.Create(filepath.Join(t.held, heldRecords))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	rows := newReckoning(t.Columns)
	err = t.Source.Copy(ctx, func(r io.Reader) error {
		_, err := io.CopyBuffer(io.MultiWriter(rows, file), r, make([]byte, 256<<10))
		return err
	}, "format csv, header false"+inOrder, t.neutral(), t.Args...)
	if err != nil {
		return err
	}
	t.Rows, t.Digest = rows.count, rows.digest()
	for i := range t.Columns {
		if t.Columns[i].Adds {
			if t.Columns[i].Total, err = rows.sums[i].Text(); err != nil {
				return fmt.Errorf("add up %q: %w", t.Columns[i].Name, err)
			}
		}
	}
	return nil
}

// Release removes the files of Hold, if there are any.
func (t *Table) Release() error {
	if t.held == "" {
		return nil
	}
	return os.RemoveAll(t.held)
}

// ErrNotHeld says that a format wants rows that were not held in its form.
var ErrNotHeld = errors.New("internal error: its rows are not held")

// File opens the Parquet file of the rows, with the types of the warehouse and the
// name and order of Columns. The caller closes it.
func (t Table) File() (*os.File, error) {
	if t.columnar == "" {
		return nil, ErrNotHeld
	}
	return os.Open(t.columnar)
}

// Objects streams the rows of the Parquet file to read, as lines of a JSON object each.
func (t Table) Objects(ctx context.Context, read func(io.Reader) error) error {
	if t.columnar == "" {
		return ErrNotHeld
	}
	return t.Source.Copy(ctx, read, "format json"+inOrder, t.plain())
}

// Records gives the rows to read as CSV without a header, its texts neutral (see
// Neutral).
func (t Table) Records(read func(io.Reader) error) error {
	if t.held == "" {
		return ErrNotHeld
	}
	file, err := os.Open(filepath.Join(t.held, heldRecords))
	if err != nil {
		return err
	}
	defer file.Close() // it is only read
	return read(file)
}

// plain returns the statement that gives the rows as they are, in their order.
func (t Table) plain() string {
	return t.statement(func(c Column) string { return "listed." + duck.Ident(c.Name) })
}

// neutral returns the same statement with the texts as Neutral makes them.
func (t Table) neutral() string {
	return t.statement(func(c Column) string {
		name := "listed." + duck.Ident(c.Name)
		if c.Kind != Text {
			return name
		}
		var begins []string // not with IN, which DuckDB makes a join of, and a join knows no order
		for _, sign := range dangerous {
			begins = append(begins, "left("+name+", 1) = "+sign)
		}
		// comparing is quick, and leaves few to look at
		return fmt.Sprintf("case when (%[1]s < '.' or %[1]s >= '=' and %[1]s < 'A' or %[1]s >= '＋')"+
			" and (%[2]s) then '''' || %[1]s else %[1]s end", name, strings.Join(begins, " or "))
	})
}

// Neutral puts an apostrophe before a text that a spreadsheet would take for a
// formula (OWASP, CSV injection): one that begins with = + - @, with a tab or a
// line end, or with a full-width form of a sign.
func Neutral(text string) string {
	if first, _ := utf8.DecodeRuneInString(text); text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + text
	}
	return text
}

var dangerous = []string{"'='", "'+'", "'-'", "'@'", "chr(9)", "chr(10)", "chr(13)", "'＝'", "'＋'", "'－'", "'＠'"}

// inOrder keeps the rows of every plan in their order: without it a copy of a plan
// without batches, such as a join with a list, writes them as they come.
const inOrder = ", preserve_order true"

func (t Table) statement(column func(Column) string) string {
	var columns []string
	for _, c := range t.Columns {
		columns = append(columns, column(c))
	}
	query := "select " + strings.Join(columns, ", ") + " from (" + t.Query + ") as listed"
	if t.Order != "" {
		query += " order by " + t.Order
	}
	return query
}

// CheckRows compares the rows that were written with those that were announced.
func (t Table) CheckRows(written int64) error {
	if written != t.Rows {
		return fmt.Errorf("write report %q: internal error: %d rows were announced and %d written", t.Name, t.Rows, written)
	}
	return nil
}
