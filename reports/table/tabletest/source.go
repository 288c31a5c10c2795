// Package tabletest gives the tests of the formats a source of rows. Nothing of
// the program uses it.
//
// Invariant: the rows come from DuckDB through the same pipe as in the program.
package tabletest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"testing"

	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/warehouse/duck"
)

// Source runs the queries of a table in an empty DuckDB.
type Source struct{ DB *sql.DB }

// Open opens a source and closes it with the test.
func Open(t testing.TB) Source {
	t.Helper()
	db, err := duck.Open(context.Background(), "", duck.Limits{
		MemoryBytes: 1 << 30, Threads: 2, TempDir: t.TempDir(), TempBytes: 1 << 30,
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return Source{DB: db}
}

// Copy implements table.Source.
func (s Source) Copy(ctx context.Context, read func(io.Reader) error, options, query string, args ...any) error {
	return duck.PipeFrom(ctx, func(path string) error { return s.CopyToFile(ctx, path, options, query, args...) }, read)
}

// CopyToFile implements table.Source.
func (s Source) CopyToFile(ctx context.Context, file, options, query string, args ...any) error {
	_, err := s.DB.ExecContext(ctx, fmt.Sprintf("copy (%s) to %s (%s)", query, duck.Text(file), options), args...)
	return err
}

// Awkward is a table of the values that formats get wrong: NULL, an empty text,
// negative and 18-digit amounts, accents, quotes, line ends and formulas.
func Awkward(t testing.TB) table.Table {
	return table.Table{
		Name: "awkward",
		Facts: []table.Fact{
			{Name: "encours_report", Value: "awkward"},
			{Name: "filters", Value: `a "b"; c, =d` + "\n"},
			{Name: "rows", Value: "7", IsNumber: true},
		},
		Columns: []table.Column{
			{Name: "no", Kind: table.Integer},
			{Name: "customer_name", Kind: table.Text},
			{Name: "due_date", Kind: table.Date},
			{Name: "open_amount", Kind: table.Decimal, Scale: 2, Adds: true},
			{Name: "share_ratio", Kind: table.Decimal, Scale: 6},
			{Name: "is_late", Kind: table.Bool},
		},
		Order:  "listed.no",
		Query:  awkward,
		Args:   []any{sql.Named("name", "=cmd|' /C calc'!A0")},
		Source: Open(t), TempDir: t.TempDir(),
	}
}

// Held is the table with its rows held in every form, until the end of the test.
func Held(t testing.TB, of table.Table) table.Table {
	t.Helper()
	err := of.Hold(context.Background(), true)
	t.Cleanup(func() {
		if err := of.Release(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return of
}

const awkward = `
select no, customer_name, due_date, cast(open_amount as decimal(18, 2)) as open_amount,
    cast(share_ratio as decimal(9, 6)) as share_ratio, is_late,
from (values
    (1, $name, date '2024-02-29', '-1234.50', '0.250000', true),
    (2, null, null, null, null, null),
    (3, '', date '1999-12-31', '0.00', '0', false),
    (4, 'Société "É", N° 1;' || chr(10) || 'bis', date '2024-01-01', '0.10', '1', true),
    (5, '＋33 1', date '2024-01-01', '9999999999999999.99', '-0.000001', true),
    (6, '-5', date '2024-01-01', '-0.01', '0', true),
    (7, 'a=b', date '2024-01-01', '-0.16', '0', true)
) as v(no, customer_name, due_date, open_amount, share_ratio, is_late)`
