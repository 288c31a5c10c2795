// Package modeltest runs the SQL models on small ledgers that a test writes
// itself. Tests use it; nothing of the program does.
//
// Invariant: what runs is the embedded SQL, in graph order, in a DuckDB of its
// own; only the leaves (ledger, settings, parameters) come from the test.
package modeltest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/graph"
)

// Case is what a test gives to the models.
type Case struct {
	Params map[string]string // as_of (required), currency, history_months
	// Tables are CSV texts by relation. A leaf may leave out columns; those of
	// ledger_entries get defaults (entity E, the calendar year, the next line).
	// Where no table of that name is given, batches and entities are made up from
	// the ledger.
	Tables map[string]string
	// Dated makes views of everything downstream of params, as a session does, so
	// that SetAsOf moves the date.
	Dated bool
}

// Warehouse is a DuckDB with every model.
type Warehouse struct {
	DB     *sql.DB
	Models *graph.Graph

	dated []graph.Model // those downstream of params, in their order, of a dated warehouse
	built bool          // they are tables, see BuildAt
}

// Open builds the models up to and including those named in only, or all of
// them, and closes them with the test.
func Open(t testing.TB, c Case, only ...string) *Warehouse {
	t.Helper()
	ctx := context.Background()
	db, err := duck.Open(ctx, "", duck.Limits{
		MemoryBytes: 1 << 30, Threads: 1, TempDir: t.TempDir(), TempBytes: 1 << 30,
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	models, err := graph.Embedded(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	w := &Warehouse{DB: db, Models: models}
	needed := w.needed(only)
	w.fill(t, c, w.leaves(t, c, needed))
	var dated []string
	if c.Dated {
		for _, m := range models.Downstream("params") {
			dated = append(dated, m.Name)
		}
	}
	for _, m := range models.Models {
		if !slices.Contains(needed, m.Name) {
			continue
		}
		kind := graph.Table
		// where nothing moves a view is read many times and its rows stay the same
		if m.Header.Materialized == graph.View && c.Dated || slices.Contains(dated, m.Name) {
			kind = graph.View
		}
		if slices.Contains(dated, m.Name) {
			w.dated = append(w.dated, m)
		}
		w.Exec(t, fmt.Sprintf("create %s %s as %s", kind, m.Name, m.SQL))
	}
	return w
}

// needed returns the named models and all they read; all models where none is named.
func (w *Warehouse) needed(only []string) []string {
	var out []string
	var visit func(name string)
	visit = func(name string) {
		m, ok := w.Models.Model(name)
		if !ok || slices.Contains(out, name) {
			return
		}
		out = append(out, name)
		for _, read := range m.Reads {
			visit(read)
		}
	}
	if len(only) == 0 {
		for _, m := range w.Models.Models {
			only = append(only, m.Name)
		}
	}
	for _, name := range only {
		visit(name)
	}
	return out
}

// SetAsOf moves the as-of date of a dated warehouse.
func (w *Warehouse) SetAsOf(t testing.TB, day string) {
	t.Helper()
	w.Exec(t, "update params set as_of = ?::date", day)
}

// BuildAt moves the as-of date and makes tables of what depends on it, once each: many
// questions about one day are then answered as quickly as of a build.
func (w *Warehouse) BuildAt(t testing.TB, day string) {
	t.Helper()
	w.SetAsOf(t, day)
	kind := graph.View
	if w.built {
		kind = graph.Table
	}
	for _, m := range slices.Backward(w.dated) {
		w.Exec(t, fmt.Sprintf("drop %s %s", kind, m.Name))
	}
	for _, m := range w.dated {
		w.Exec(t, fmt.Sprintf("create table %s as %s", m.Name, m.SQL))
	}
	w.built = true
}

// Exec runs a statement.
func (w *Warehouse) Exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	if _, err := w.DB.ExecContext(context.Background(), statement, args...); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

// Text runs a query and returns header and rows as CSV, every value as DuckDB
// prints it, sorted.
func (w *Warehouse) Text(t testing.TB, query string) string {
	t.Helper()
	return text(t, w.DB, query)
}

// querier is a DuckDB, or one connection to it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func text(t testing.TB, from querier, query string) string {
	t.Helper()
	rows, err := from.QueryContext(context.Background(),
		"select columns(*)::varchar from ("+query+") order by all nulls first")
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	writer := csv.NewWriter(&out)
	write := func(record []string) {
		if err := writer.Write(record); err != nil {
			t.Fatal(err)
		}
	}
	write(names)
	for rows.Next() {
		values := make([]sql.NullString, len(names))
		targets := make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		record := make([]string, len(names))
		for i, v := range values {
			record[i] = v.String
		}
		write(record)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	writer.Flush()
	return out.String()
}

// builtFrom are the leaves that the made up ones are made from, and those of the terms.
var builtFrom = []string{"params", "landing_batches", "ledger_entries", "exchange_rates", "project_entities", "extract_terms", "invoices", "counterparties", "attribute_overrides"}

// leaves returns the tables that the needed models read, those that the case gives and
// builtFrom; with every model also those that only checks read.
func (w *Warehouse) leaves(t testing.TB, c Case, needed []string) []sqlfiles.Table {
	t.Helper()
	tables, err := sqlfiles.Schemas()
	if err != nil {
		t.Fatal(err)
	}
	if len(needed) == 0 || len(needed) == len(w.Models.Models) {
		return tables
	}
	read := slices.Clone(builtFrom)
	for _, name := range needed {
		m, _ := w.Models.Model(name)
		read = append(read, m.Reads...)
	}
	return slices.DeleteFunc(tables, func(table sqlfiles.Table) bool {
		_, given := c.Tables[table.Name]
		return !given && !slices.Contains(read, table.Name)
	})
}

func (w *Warehouse) fill(t testing.TB, c Case, tables []sqlfiles.Table) {
	t.Helper()
	for _, table := range tables {
		w.Exec(t, table.Create)
		text, given := c.Tables[table.Name]
		if file := "ref/" + strings.TrimPrefix(table.Name, "ref_") + ".csv"; !given && strings.HasPrefix(table.Name, "ref_") {
			shipped, err := fs.ReadFile(sqlfiles.Files, path.Clean(file))
			if err != nil {
				t.Fatal(err)
			}
			text = string(shipped)
		}
		if text != "" {
			w.insert(t, table, text)
		}
	}
	value := func(name, otherwise string) string {
		if v := c.Params[name]; v != "" {
			return v
		}
		return otherwise
	}
	w.Exec(t, "insert into params values (?::date, null, ?, ?::integer)",
		c.Params["as_of"], value("currency", "EUR"), value("history_months", "36"))
	if _, given := c.Tables["landing_batches"]; !given {
		w.Exec(t, makeBatches)
		w.Exec(t, makeRateBatches)
		for _, table := range tables {
			_, hasEntity := table.Column("entity_id")
			switch {
			case !table.IsLanding() || table.Name == "ledger_entries" || table.Name == "exchange_rates":
			case hasEntity:
				w.Exec(t, fmt.Sprintf(makeExtractBatches, table.Name))
			default: // of no entity
				w.Exec(t, fmt.Sprintf(makeSharedBatches, table.Name))
			}
		}
	}
	if _, given := c.Tables["project_entities"]; !given {
		w.Exec(t, makeEntities)
	}
	if _, given := c.Tables["extract_terms"]; !given {
		w.fillExtractTerms(t)
	}
}

// fillExtractTerms reads the terms of the extracts as a build does.
func (w *Warehouse) fillExtractTerms(t testing.TB) {
	t.Helper()
	conn, err := w.DB.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(generation.FillExtractTerms(context.Background(), conn), conn.Close()); err != nil {
		t.Fatal(err)
	}
}

const makeBatches = `
insert into landing_batches
select
    row_number() over (order by entity_id, fiscal_year_start, batch_id),
    batch_id, 'ledger_entries', 'fec',
    entity_id || '/' || fiscal_year_start, 'full', entity_id, fiscal_year_start,
    min(entry_date), max(entry_date), null, timestamp '2026-01-01', date '2026-01-01',
    count(*), 0, min(source_file)
from ledger_entries
group by entity_id, fiscal_year_start, batch_id`

const makeExtractBatches = `
insert into landing_batches
select
    (select count(*) from landing_batches) + row_number() over (order by entity_id, batch_id),
    batch_id, '%[1]s', '%[1]s',
    entity_id, 'full', entity_id, null, null, null, null,
    timestamp '2026-01-01', date '2026-01-01', count(*), 0, min(source_file)
from %[1]s
group by entity_id, batch_id`

const makeSharedBatches = `
insert into landing_batches
select
    (select count(*) from landing_batches) + row_number() over (order by batch_id),
    batch_id, '%[1]s', '%[1]s', '%[1]s', 'delta', 'group', null, null, null, null,
    timestamp '2026-01-01', date '2026-01-01', count(*), 0, min(source_file)
from %[1]s
group by batch_id`

const makeRateBatches = `
insert into landing_batches
select
    (select count(*) from landing_batches) + row_number() over (order by batch_id),
    batch_id, 'exchange_rates', 'rates', 'rates', 'full', 'group', null, null, null, null,
    timestamp '2026-01-01', date '2026-01-01', count(*), 0, min(source_file)
from exchange_rates
group by batch_id`

const makeEntities = `
insert into project_entities
select row_number() over (order by entity_id), entity_id, entity_id, null, 'EUR', 'lettering', 'days_first'
from (select distinct entity_id from landing_batches where entity_id <> 'group')`

// insert loads a CSV text into a leaf, with the defaults of ledger lines.
func (w *Warehouse) insert(t testing.TB, table sqlfiles.Table, text string) {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(strings.TrimSpace(text) + "\n"))
	reader.TrimLeadingSpace = true
	records, err := reader.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", table.Name, err)
	}
	names := records[0]
	var columns string // of the rows at hand, which are inserted together
	var marks []string
	var values []any
	flush := func() {
		if len(marks) > 0 {
			w.Exec(t, "insert into "+table.Name+" ("+columns+") values "+strings.Join(marks, ", "), values...)
		}
		marks, values = nil, nil
	}
	defer flush()
	for number, record := range records[1:] {
		row := map[string]any{}
		for i, value := range record {
			if value = strings.TrimSpace(value); value != "" {
				row[strings.TrimSpace(names[i])] = value
			}
		}
		if table.Name == "project_entities" && row["end_of_month"] == nil {
			row["end_of_month"] = "days_first"
		}
		if table.Name == "ledger_entries" {
			ledgerDefaults(row, number)
		} else if table.IsLanding() {
			extractDefaults(row, table.Name, number)
		}
		var given, casts []string
		var of []any
		for _, column := range table.Columns {
			if v, ok := row[column.Name]; ok {
				given = append(given, column.Name)
				casts = append(casts, "cast(? as "+column.Type+")")
				of = append(of, v)
			}
		}
		if names := strings.Join(given, ", "); names != columns || len(marks) == 200 {
			flush()
			columns = names
		}
		marks = append(marks, "("+strings.Join(casts, ", ")+")")
		values = append(values, of...)
	}
}

// extractDefaults fills in what a row of another dataset leaves out: entity E, the
// customer side, one batch per dataset.
func extractDefaults(row map[string]any, dataset string, number int) {
	for name, value := range map[string]any{
		"entity_id": "E", "side": "customer", "instalment": 1, "source_line": number + 2,
		"batch_id": dataset, "source_file": dataset + ".csv",
	} {
		if _, ok := row[name]; !ok {
			row[name] = value
		}
	}
}

func ledgerDefaults(row map[string]any, number int) {
	set := func(name string, value any) {
		if _, ok := row[name]; !ok {
			row[name] = value
		}
	}
	set("entity_id", "E")
	set("source_line", number+2)
	set("source_part", 1)
	set("journal_code", "OD")
	set("entry_number", fmt.Sprint(number+1))
	set("debit", 0)
	set("credit", 0)
	set("fiscal_year_start", fmt.Sprint(row["entry_date"])[:4]+"-01-01")
	set("batch_id", fmt.Sprint(row["entity_id"], row["fiscal_year_start"]))
	set("source_file", "ledger.txt")
}
