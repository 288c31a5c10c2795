package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/warehouse/duck"
)

// ChangesReport is the name of the report of Changes. It stands on two views and is
// not one of Definitions.
const ChangesReport = "changes"

// changesOrder is that of the report: total, the largest changes first.
const changesOrder = "abs(listed.open_change_amount) desc, listed.entity_id, listed.counterparty_id, listed.change, " +
	"listed.document_ref, listed.entry_date, listed.item_id, listed.previous_item_id"

// Changes compares what was known of the open items of one selection at two
// instants. Every item of either is in it once: the changes of the open amounts add
// up to the difference of the two balances.
type Changes struct {
	before, after *View
	db            *sql.DB
	folder        string
	Before, After Amount // open amounts known at each instant
}

// CompareViews compares two views of the same selection at the same as-of date. It
// returns ErrBadSelection where they are not. limits are those of the instance that
// compares; the caller closes the result before the views.
//
// Each side is copied to a Parquet file that the comparing instance reads. Attaching
// the files of both generations to it would not do: at another as-of date the items of
// a side are views of its session, made of the models that it was built with, and live
// in the instance that serves it.
func CompareViews(ctx context.Context, before, after *View, limits duck.Limits) (_ *Changes, err error) {
	if before.selection != after.selection {
		return nil, fmt.Errorf("compare %v with %v: %w", before.selection, after.selection, ErrBadSelection)
	}
	c := &Changes{before: before, after: after}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	temp := after.service.options.TempDir
	if err := os.MkdirAll(temp, 0o755); err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	if c.folder, err = os.MkdirTemp(temp, "changes-"); err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	if c.db, err = duck.Open(ctx, "", limits, false); err != nil {
		return nil, err
	}
	for name, view := range map[string]*View{"before": before, "after": after} {
		file := filepath.Join(c.folder, name+".parquet")
		within := view.scope()
		outside := ""
		if view.selection.Entity == "" {
			outside = " and not is_intercompany"
		}
		query := fmt.Sprintf(comparedSQL, within.condition+outside)
		if err := view.session.CopyToFile(ctx, file, "format parquet", query, within.args...); err != nil {
			return nil, fmt.Errorf("compare: %w", err)
		}
		if _, err := c.db.ExecContext(ctx, "create view "+name+"_items as select * from read_parquet("+duck.Text(file)+")"); err != nil {
			return nil, fmt.Errorf("compare: %w", err)
		}
	}
	for _, statement := range matchSQL() {
		if _, err := c.db.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("compare: %w", err)
		}
	}
	return c, c.prove(ctx)
}

// prove adds both sides up apart from the matching.
func (c *Changes) prove(ctx context.Context) error {
	var change Amount
	err := c.db.QueryRowContext(ctx, `
select
    (select cast(coalesce(sum(open_amount), 0) as decimal(18, 2)) from before_items),
    (select cast(coalesce(sum(open_amount), 0) as decimal(18, 2)) from after_items),
    (select cast(coalesce(sum(open_change_amount), 0) as decimal(18, 2)) from changes)`).Scan(&c.Before, &c.After, &change)
	if err != nil {
		return fmt.Errorf("add the changes up: %w", err)
	}
	if c.After-c.Before != change {
		return fmt.Errorf("add the changes up: internal error: %s became %s and the changes are %s",
			plain(c.Before), plain(c.After), plain(change))
	}
	return nil
}

// Close removes what the comparison is made of.
func (c *Changes) Close() error {
	var problems []error
	if c.db != nil {
		problems = append(problems, c.db.Close())
	}
	if c.folder != "" {
		problems = append(problems, os.RemoveAll(c.folder))
	}
	return errors.Join(problems...)
}

// Export writes the report in a format, as View.Export does.
func (c *Changes) Export(ctx context.Context, format string, w io.Writer) error {
	_, err := c.export(ctx, format, w)
	return err
}

// WriteFile exports to a file, as the function of that name does.
func (c *Changes) WriteFile(ctx context.Context, format, path string) error {
	return writeFile(path, func(w io.Writer) ([]table.Fact, error) { return c.export(ctx, format, w) })
}

func (c *Changes) export(ctx context.Context, format string, w io.Writer) (facts []table.Fact, err error) {
	write, err := writerOf(format)
	if err != nil {
		return nil, err
	}
	t := table.Table{
		Name: ChangesReport, Query: "select * from changes", Source: instanceSource{c.db}, TempDir: c.folder,
		Order: changesOrder,
	}
	defer func() { err = errors.Join(err, t.Release()) }()
	if err := c.describe(ctx, &t, format); err != nil {
		return nil, fmt.Errorf("export %q: %w", t.Name, err)
	}
	return t.Facts, write(ctx, t, w)
}

// describe fills in the columns, the sums and the facts of the report.
func (c *Changes) describe(ctx context.Context, t *table.Table, format string) error {
	rows, err := c.db.QueryContext(ctx, t.Query+" limit 0")
	if err != nil {
		return err
	}
	types, err := rows.ColumnTypes()
	if err = errors.Join(err, rows.Close()); err != nil {
		return err
	}
	for _, kind := range types {
		column, err := columnOf(kind.Name(), kind.DatabaseTypeName())
		if err != nil {
			return err
		}
		column.Adds = column.Name == "open_change_amount"
		t.Columns = append(t.Columns, column)
	}
	if err := t.Hold(ctx, isColumnar(format)); err != nil {
		return err
	}
	b, a := c.before, c.after
	t.Facts = table.Sealed([]table.Fact{
		{Name: table.FactReport, Value: t.Name},
		{Name: "report_version", Value: a.reportVersion(query{selects: comparedSQL + strings.Join(matchSQL(), ";"), order: t.Order})},
		{Name: "project", Value: a.meta.Project},
		{Name: "as_of", Value: day(a.meta.AsOf)},
		{Name: "known_from", Value: b.knownAtText()},
		{Name: "known_at", Value: a.knownAtText()},
		{Name: "known_on_from", Value: day(b.meta.KnownOn)},
		{Name: "known_on", Value: day(a.meta.KnownOn)},
		{Name: "generation_from", Value: b.meta.Generation},
		{Name: "generation", Value: a.meta.Generation},
		{Name: "currency", Value: a.meta.Currency},
		{Name: "filters", Value: a.filterText(definition{}, AgeingFilter{})},
		{Name: table.FactRows, Value: strconv.FormatInt(t.Rows, 10), IsNumber: true},
		{Name: table.FactSums, Value: table.SumsText(t.Columns)},
		{Name: table.FactColumns, Value: table.ColumnsText(t.Columns)},
		{Name: table.FactDigest, Value: t.Digest},
		{Name: "balances", Value: fmt.Sprintf("from=%s to=%s difference=%s", plain(c.Before), plain(c.After), plain(c.After-c.Before))},
		{Name: "proof", Value: fmt.Sprintf("from=%s to=%s", b.meta.Proof.Status, a.meta.Proof.Status)},
	})
	return nil
}

// instanceSource is a table.Source over an instance of its own.
type instanceSource struct{ db *sql.DB }

func (s instanceSource) Copy(ctx context.Context, read func(io.Reader) error, options, query string, args ...any) error {
	return duck.PipeFrom(ctx, func(path string) error { return s.CopyToFile(ctx, path, options, query, args...) }, read)
}

func (s instanceSource) CopyToFile(ctx context.Context, file, options, query string, args ...any) error {
	_, err := s.db.ExecContext(ctx, fmt.Sprintf("copy (%s) to %s (%s)", query, duck.Text(file), options), args...)
	return err
}
