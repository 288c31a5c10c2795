// Package table is the contract between a report and the formats in which it can
// be taken away.
//
// Invariant: a table says how many rows it has before the first one is read, its
// rows have a total order, and a format writes all of them or returns an error.
package table

import (
	"context"
	"fmt"
	"io"
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
	Order   string // terms that name columns of the query as listed.<column>
	Args    []any
	Source  Source
	TempDir string // exists; for files on their way, which the format removes
}

// Plain returns the statement that gives the rows as they are, in their order.
func (t Table) Plain() string {
	return t.statement(func(c Column) string { return "listed." + duck.Ident(c.Name) })
}

// Neutral returns the same statement, with an apostrophe before every text that a
// spreadsheet would take for a formula (OWASP, CSV injection): those that begin
// with = + - @, with a tab or a line end, or with a full-width form of a sign.
func (t Table) Neutral() string {
	return t.statement(func(c Column) string {
		if c.Kind != Text {
			return neutral(c)
		}
		return neutral(c) + " as " + duck.Ident(c.Name)
	})
}

func neutral(c Column) string {
	name := "listed." + duck.Ident(c.Name)
	if c.Kind != Text {
		return name
	}
	return fmt.Sprintf("case when left(%[1]s, 1) in (%[2]s) then '''' || %[1]s else %[1]s end", name, dangerous)
}

// Neutral does the same to one text.
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
	return "select " + strings.Join(columns, ", ") + " from (" + t.Query + ") as listed order by " + t.Order
}

// CheckRows compares the rows that were written with those that were announced.
func (t Table) CheckRows(written int64) error {
	if written != t.Rows {
		return fmt.Errorf("write report %q: internal error: %d rows were announced and %d written", t.Name, t.Rows, written)
	}
	return nil
}
