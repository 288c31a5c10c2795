package reports

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/reports/arrowfile"
	"github.com/encours/encours/reports/csvfile"
	"github.com/encours/encours/reports/jsonfile"
	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/reports/parquetfile"
	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/reports/xlsxfile"
	"github.com/encours/encours/warehouse/privacy"
)

// groupName stands for the whole group where an entity is named.
const groupName = "group"

// Formats lists the formats of Export; FormatsOf says which a report has.
func Formats() []string { return append(rowFormats(), PDF, ICS) }

// rowFormats are those of rows, which every report has.
func rowFormats() []string { return []string{"csv", "xlsx", "parquet", "arrow", "json"} }

// isColumnar says whether a format is made from columns with the types of the
// warehouse; the others are made from records.
func isColumnar(format string) bool {
	return slices.Contains([]string{"parquet", "arrow", "json"}, format)
}

func writerOf(format string) (func(context.Context, table.Table, io.Writer) error, error) {
	switch format {
	case "csv":
		return csvfile.Write, nil
	case "xlsx":
		return xlsxfile.Write, nil
	case "parquet":
		return parquetfile.Write, nil
	case "arrow":
		return arrowfile.Write, nil
	case "json":
		return jsonfile.Write, nil
	}
	return nil, fmt.Errorf("write format %q: %w", format, ErrUnknownReport)
}

// Export writes a whole report to w, in bounded memory, with what it stands on and
// the proof. The filter narrows the reports "ageing" and "open-items"; its page is
// not used. An export is complete or it fails: what was written before an error is
// not a report. It returns ErrUnknownReport for a report or a format that there is
// not, ErrBadSelection for a filter that is not valid, and ErrNotFound for a
// counterparty that there is not. The report "changes" compares the days of the filter
// and returns the errors of Changes too, and ErrComparing.
func (v *View) Export(ctx context.Context, name, format string, filter AgeingFilter, w io.Writer) error {
	if name == ChangesReport {
		return v.exportChanges(ctx, format, filter.Known, w)
	}
	_, err := v.export(ctx, name, format, filter, w)
	return err
}

// export is Export that returns what the report said of itself.
func (v *View) export(ctx context.Context, name, format string, filter AgeingFilter, w io.Writer) (facts []table.Fact, err error) {
	d, err := definitionOf(name)
	if err != nil {
		return nil, err
	}
	filter = d.keep(filter)
	if d.isOfOne {
		if filter, err = v.withHolder(ctx, filter); err != nil {
			return nil, err
		}
	}
	q, err := d.query(v, filter)
	if err != nil {
		return nil, err
	}
	if format == PDF && d.document == nil || format == ICS && d.calendar == nil {
		return nil, &FormatError{d.Name, format}
	}
	write, err := writerOf(format)
	if err != nil && format != PDF && format != ICS {
		return nil, err
	}
	t, err := v.table(ctx, d, q, filter, format)
	defer func() { err = errors.Join(err, t.Release()) }()
	if err != nil {
		return nil, err
	}
	switch format {
	case PDF:
		return t.Facts, v.exportPDF(ctx, d, q, filter, w)
	case ICS:
		return t.Facts, v.exportCalendar(ctx, d, q, filter, t.Facts, w)
	}
	if d.draw != nil && format == "xlsx" {
		return t.Facts, xlsxfile.WriteWith(ctx, t, d.draw(ctx, v, filter), w)
	}
	return t.Facts, write(ctx, t, w)
}

// drawing makes the sheets that a workbook has before its rows.
type drawing func(ctx context.Context, v *View, filter AgeingFilter) func(*excelize.File) error

// table announces what is about to be written, and holds its rows. The caller
// releases them, also after an error.
func (v *View) table(ctx context.Context, d definition, q query, filter AgeingFilter, format string) (table.Table, error) {
	t := table.Table{
		Name: d.Name, Query: q.selects, Order: q.order, Args: q.args,
		Source: v.session, TempDir: v.service.options.TempDir,
	}
	if err := os.MkdirAll(t.TempDir, 0o755); err != nil {
		return t, fmt.Errorf("export %q: %w", d.Name, err)
	}
	var err error
	if t.Columns, err = v.columns(ctx, q); err == nil {
		t.Query, err = v.masked(ctx, t.Query, t.Columns)
	}
	if err == nil {
		err = t.Hold(ctx, isColumnar(format))
	}
	if err == nil {
		t.Facts, err = v.exportFacts(ctx, d, q, filter, &t)
	}
	if err != nil {
		return t, fmt.Errorf("export %q: %w", d.Name, err)
	}
	return t, nil
}

// masked is a query without the names of natural persons, where the project keeps
// them out of exports.
func (v *View) masked(ctx context.Context, query string, columns []table.Column) (string, error) {
	if _, ok := v.generation.Manifest().Relation(privacy.Persons); !ok { // a generation of an earlier version
		return query, nil
	}
	var count int64
	if err := v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&count) }, privacy.Count(privacy.Persons)); err != nil || count == 0 {
		return query, err
	}
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.Name
	}
	return privacy.Masked(query, names, privacy.Persons), nil
}

// maskedPersons are those of the rows that are natural persons whose names the project
// keeps out of exports.
func (v *View) maskedPersons(ctx context.Context, rows []TopCounterparty) (persons map[partyKey]bool, err error) {
	persons = map[partyKey]bool{}
	if _, ok := v.generation.Manifest().Relation(privacy.Persons); !ok { // a generation of an earlier version
		return persons, nil
	}
	asked := make([]string, len(rows))
	for i, row := range rows {
		asked[i] = row.ID
	}
	return persons, v.session.Query(ctx, func(rows *sql.Rows) error {
		var key partyKey
		err := rows.Scan(&key.entity, &key.id)
		persons[key] = true
		return err
	}, "select entity_id, counterparty_id from "+privacy.Persons+
		" where is_masked and side = $side and counterparty_id in (select unnest(string_split($asked, chr(31))))",
		sql.Named("side", v.selection.Side), sql.Named("asked", strings.Join(asked, "\x1f")))
}

// columns asks DuckDB for the names and types of a query.
func (v *View) columns(ctx context.Context, q query) (columns []table.Column, err error) {
	err = v.session.Use(ctx, func(conn *sql.Conn) (err error) {
		rows, err := conn.QueryContext(ctx, "select * from ("+q.selects+") as listed limit 0", q.args...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		types, err := rows.ColumnTypes()
		if err != nil {
			return err
		}
		for _, t := range types {
			column, err := columnOf(t.Name(), t.DatabaseTypeName())
			if err != nil {
				return err
			}
			column.Adds = slices.Contains(q.totals, column.Name)
			columns = append(columns, column)
		}
		return rows.Err()
	})
	return columns, err
}

func columnOf(name, databaseType string) (table.Column, error) {
	c := table.Column{Name: name}
	var width int
	switch {
	case databaseType == "VARCHAR":
	case databaseType == "DATE":
		c.Kind = table.Date
	case databaseType == "BOOLEAN":
		c.Kind = table.Bool
	case slices.Contains([]string{"SMALLINT", "INTEGER", "BIGINT"}, databaseType):
		c.Kind = table.Integer
	case strings.HasPrefix(databaseType, "DECIMAL("):
		c.Kind = table.Decimal
		if _, err := fmt.Sscanf(databaseType, "DECIMAL(%d,%d)", &width, &c.Scale); err != nil {
			return c, fmt.Errorf("read type %q of column %q: %w", databaseType, name, err)
		}
	default:
		return c, fmt.Errorf("column %q has the type %q, which no format knows", name, databaseType)
	}
	return c, nil
}

// exportFacts says what an export stands on. Nothing in it depends on the clock or
// on the order of builds: equal inputs give equal exports.
func (v *View) exportFacts(ctx context.Context, d definition, q query, filter AgeingFilter, t *table.Table) ([]table.Fact, error) {
	m, p := v.meta, v.meta.Proof
	facts := []table.Fact{
		{Name: table.FactReport, Value: d.Name},
		{Name: "report_version", Value: v.reportVersion(q)},
		{Name: "project", Value: m.Project},
		{Name: "as_of", Value: day(m.AsOf)},
		{Name: "known_at", Value: v.knownAtText()},
		{Name: "known_on", Value: day(m.KnownOn)},
		{Name: "generation", Value: m.Generation},
		{Name: "reference_tables", Value: v.referenceText()},
		{Name: "currency", Value: m.Currency},
		{Name: "filters", Value: v.filterText(d, filter)},
		{Name: table.FactRows, Value: strconv.FormatInt(t.Rows, 10), IsNumber: true},
		{Name: table.FactSums, Value: table.SumsText(t.Columns)},
		{Name: table.FactColumns, Value: table.ColumnsText(t.Columns)},
		{Name: table.FactDigest, Value: t.Digest},
	}
	if d.isTerms {
		both, err := v.proofs(ctx, "")
		if err != nil {
			return nil, err
		}
		facts = append(facts,
			table.Fact{Name: "proof_supplier", Value: proofText(both[Supplier])},
			table.Fact{Name: "proof_customer", Value: proofText(both[Customer])})
	} else {
		facts = append(facts, table.Fact{Name: "proof", Value: proofText(p)})
	}
	if m.Lettering.Valid && !d.isTerms { // of one side
		facts = append(facts, table.Fact{Name: "lettering_coverage", Value: plainRatio(m.Lettering)})
	}
	if m.IsEstimated {
		facts = append(facts, table.Fact{Name: "estimated", Value: "some payments are matched first in, first out"})
	}
	if d.leftOut != nil && v.selection.Entity == "" {
		amount, err := d.leftOut(v, ctx)
		if err != nil {
			return nil, err
		}
		facts = append(facts, table.Fact{Name: "intercompany_left_out", Value: plain(amount)})
	}
	if d.isListing && v.selection.Entity == "" {
		b, err := v.buckets(ctx, ByDueDate)
		if err != nil {
			return nil, err
		}
		facts = append(facts, table.Fact{Name: "intercompany_left_out", Value: plain(b.intercompany)})
	}
	if name, text := v.translationText(d); name != "" {
		facts = append(facts, table.Fact{Name: name, Value: text})
	}
	return table.Sealed(facts), nil
}

func proofText(p Proof) string {
	return fmt.Sprintf("%s ledger=%s items=%s buckets=%s difference=%s", p.Status,
		plain(p.Ledger), plain(p.Items), plain(p.Buckets), plain(p.Difference))
}

// plainRatio writes a ratio with its four decimals.
func plainRatio(r Ratio) string {
	return fmt.Sprintf("%d.%04d", r.BasisPoints/10_000, r.BasisPoints%10_000)
}

func plain(a Amount) string { return money.Plain(int64(a)) }

// filterText writes selection and filter as the query of a URL: one word, in one
// order, whatever was searched for.
func (v *View) filterText(d definition, filter AgeingFilter) string {
	values := url.Values{"entity": {groupName}, "side": {v.selection.Side}}
	if d.isTerms {
		values.Del("side")
		filter.Terms.write(values)
	}
	filter.Risk.write(values)
	if v.selection.Entity != "" {
		values.Set("entity", v.selection.Entity)
	}
	if filter.Counterparty != "" {
		values.Set("counterparty", filter.Counterparty)
	}
	if filter.Search != "" {
		values.Set("search", filter.Search)
	}
	if filter.Bucket != "" {
		values.Set("bucket", filter.Bucket)
	}
	if filter.OnlyOverdue {
		values.Set("overdue", "1")
	}
	if filter.By != "" && filter.By != ByDueDate {
		values.Set("by", filter.By)
	}
	if filter.GroupBy != "" && filter.GroupBy != ByCounterparty {
		values.Set("group_by", filter.GroupBy)
	}
	if filter.Within != "" {
		values.Set("within", filter.Within)
		values.Set("value", filter.Value)
	}
	if filter.Sort != "" {
		values.Set("sort", filter.Sort)
	}
	filter.Chase.write(values)
	filter.Alert.write(values)
	return values.Encode()
}

// reportVersion is a hash of the SQL of a report and of the models below it: two
// exports of one version define their figures alike.
func (v *View) reportVersion(q query) string {
	sum := sha256.Sum256([]byte(q.selects + "\x00" + q.order + "\x00" + v.generation.Manifest().ModelsHash))
	return hex.EncodeToString(sum[:])[:12]
}

// referenceText names the reference tables, those of the project where it overrides,
// with the first digits of their hashes: ageing_buckets=0a1b2c3d4e5f …
func (v *View) referenceText() string {
	hashes := v.generation.Manifest().RefHashes
	var parts []string
	for _, table := range slices.Sorted(maps.Keys(hashes)) {
		parts = append(parts, strings.TrimPrefix(table, "ref_")+"="+hashes[table][:12])
	}
	return strings.Join(parts, " ")
}

// knownAtText is the known-at instant that was asked for.
func (v *View) knownAtText() string {
	if at := v.generation.Manifest().KnownAt; at != nil {
		return day(at.Time)
	}
	return "latest"
}
