// Package table is the contract between a report and the formats in which it can
// be taken away.
//
// Invariant: a table says how many rows it has before the first one is read, its
// rows have a total order, and a format writes all of them or returns an error.
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
	Total string // sum of the column as DuckDB computes it; empty where it has none
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
	Rows    int64
	Query   string // a select; Order sorts its rows
	Order   string // terms that name columns of the query as listed.<column>; empty: it has its order
	Args    []any
	Source  Source
	TempDir string // exists; for files on their way, which the format removes

	held string // folder of the rows, see Hold
}

// Names of the files in which the rows are held.
const (
	heldRows    = "rows.parquet"
	heldRecords = "rows.csv"
)

// Hold runs the query once and keeps its rows, in their order, in files of the
// temporary folder: what is said of the rows and every format are then made from
// the same ones, and nothing sorts them again. Release removes the files. A table
// whose rows are held stays as it is.
func (t *Table) Hold(ctx context.Context) error {
	if t.held != "" {
		return nil
	}
	folder, err := os.MkdirTemp(t.TempDir, "rows-")
	if err != nil {
		return fmt.Errorf("hold the rows of report %q: %w", t.Name, err)
	}
	file := filepath.Join(folder, heldRows)
	if err := t.Source.CopyToFile(ctx, file, "format parquet, compression zstd", t.Plain(), t.Args...); err != nil {
		return fmt.Errorf("hold the rows of report %q: %w", t.Name, errors.Join(err, os.RemoveAll(folder)))
	}
	t.held, t.Order, t.Args = folder, "", nil
	t.Query = "select * from read_parquet(" + duck.Text(file) + ")"
	return nil
}

// Release removes the files of Hold, if there are any.
func (t *Table) Release() error {
	if t.held == "" {
		return nil
	}
	return os.RemoveAll(t.held)
}

// File is the Parquet file of the rows, with the types of the warehouse and the
// name and order of Columns; empty where Hold was not called.
func (t Table) File() string {
	if t.held == "" {
		return ""
	}
	return filepath.Join(t.held, heldRows)
}

// Records streams the rows to read as CSV without a header, its texts neutral (see
// Neutral).
func (t Table) Records(ctx context.Context, read func(io.Reader) error) error {
	if t.held != "" {
		file, err := os.Open(filepath.Join(t.held, heldRecords))
		if err == nil {
			defer file.Close() // it is only read
			return read(file)
		}
		if !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return t.Source.Copy(ctx, read, "format csv, header false", t.neutral(), t.Args...)
}

// Plain returns the statement that gives the rows as they are, in their order.
func (t Table) Plain() string {
	return t.statement(func(c Column) string { return "listed." + duck.Ident(c.Name) })
}

// neutral returns the same statement with the texts as Neutral makes them.
func (t Table) neutral() string {
	return t.statement(func(c Column) string {
		name := "listed." + duck.Ident(c.Name)
		if c.Kind != Text {
			return name
		}
		return fmt.Sprintf("case when left(%[1]s, 1) in (%[2]s) then '''' || %[1]s else %[1]s end", name, dangerous)
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

const dangerous = "'=', '+', '-', '@', chr(9), chr(10), chr(13), '＝', '＋', '－', '＠'"

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
