package generation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// reference is a table of sql/ref, or the file by which a project overrides it.
type reference struct {
	table, file string
	text        []byte
}

func (r reference) hash() string {
	sum := sha256.Sum256(r.text)
	return hex.EncodeToString(sum[:])
}

// references reads the reference tables: ref/<name>.csv of the project folder
// where it is there, else the one that is shipped.
func references(projectDir string) ([]reference, error) {
	files, err := fs.Glob(sqlfiles.Files, "ref/*.csv")
	if err != nil {
		return nil, fmt.Errorf("list reference tables: %w", err)
	}
	var out []reference
	for _, file := range files {
		base := path.Base(file)
		own := filepath.Join(projectDir, "ref", base)
		text, err := os.ReadFile(own)
		name := own
		if projectDir == "" || errors.Is(err, fs.ErrNotExist) {
			name = "sql/" + file
			text, err = sqlfiles.Files.ReadFile(file)
		}
		if err != nil {
			return nil, fmt.Errorf("read reference table %q: %w", base, err)
		}
		out = append(out, reference{table: "ref_" + strings.TrimSuffix(base, ".csv"), file: name, text: text})
	}
	return out, nil
}

// load fills the table from the file. The header must hold exactly the columns
// of the schema, in any order; every value is cast by DuckDB, and one that does
// not fit is named with file and line.
func (r reference) load(ctx context.Context, conn *sql.Conn) error {
	schema, err := sqlfiles.Schema(r.table)
	if err != nil {
		return err
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(r.text, []byte("\ufeff"))))
	header, err := reader.Read()
	if err != nil {
		return fmt.Errorf("%s: no header line: %w", r.file, err)
	}
	var marks, names []string
	for _, name := range header {
		column, ok := schema.Column(strings.TrimSpace(name))
		if !ok {
			return fmt.Errorf("%s:1: column %q is not known; the columns are %s", r.file, name, columnNames(schema))
		}
		names = append(names, column.Name)
		marks = append(marks, "cast(? as "+column.Type+")")
	}
	for _, column := range schema.Columns {
		if !slices.Contains(names, column.Name) {
			return fmt.Errorf("%s:1: column %q is missing; the columns are %s", r.file, column.Name, columnNames(schema))
		}
	}
	rows, lines, err := referenceRows(reader)
	if err != nil {
		return fmt.Errorf("%s: %w", r.file, err)
	}
	target := fmt.Sprintf("%s (%s)", r.table, strings.Join(names, ", "))
	mark := "(" + strings.Join(marks, ", ") + ")"
	whole := insertMarked(ctx, conn, target, mark, rows)
	if whole == nil {
		return nil
	}
	for i, row := range rows { // one by one, to name the line
		if err := insertMarked(ctx, conn, target, mark, [][]any{row}); err != nil {
			return fmt.Errorf("%s:%d: a value does not fit its column: %w", r.file, lines[i], err)
		}
	}
	return fmt.Errorf("%s: %w", r.file, whole)
}

// referenceRows reads the rows behind the header, with their lines; an empty value is
// nil.
func referenceRows(reader *csv.Reader) (rows [][]any, lines []int, err error) {
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, lines, nil
		}
		if err != nil {
			return nil, nil, err
		}
		values := make([]any, len(record))
		for i, value := range record {
			if value = strings.TrimSpace(value); value != "" {
				values[i] = value
			}
		}
		line, _ := reader.FieldPos(0)
		rows, lines = append(rows, values), append(lines, line)
	}
}

func columnNames(table sqlfiles.Table) string {
	var names []string
	for _, column := range table.Columns {
		names = append(names, column.Name)
	}
	return strings.Join(names, ", ")
}

// insertSettings fills the project tables from encours.yaml and the lists that it
// names.
func insertSettings(ctx context.Context, conn *sql.Conn, p *project.Project, documents []factoredList) error {
	var entities, terms, intercompany [][]any
	sorted := slices.Clone(p.Entities)
	slices.SortFunc(sorted, func(a, b project.Entity) int { return strings.Compare(a.ID, b.ID) })
	for i, e := range sorted {
		entities = append(entities, []any{i + 1, e.ID, e.Name, orNull(e.SIREN), e.Currency, e.Matching, string(e.EndOfMonth)})
		for _, row := range e.TermsRows() {
			terms = append(terms, append([]any{e.ID, row.Side, orNull(row.CounterpartyID)}, termsValues(row.Terms)...))
		}
	}
	for _, rule := range p.Intercompany {
		for _, pattern := range rule.Counterparties {
			intercompany = append(intercompany, []any{orNull(rule.Entity), orNull(rule.Side), globPattern(pattern)})
		}
	}
	var currency [][]any
	if p.Translation != "" {
		currency = append(currency, []any{p.Translation})
	}
	return errors.Join(
		insertRows(ctx, conn, "project_currency", currency),
		insertRows(ctx, conn, "project_entities", entities),
		insertRows(ctx, conn, "project_terms", terms),
		insertRows(ctx, conn, "project_intercompany", intercompany),
		insertTargets(ctx, conn, p),
		insertFactoredDocuments(ctx, conn, documents),
		insertLateInterest(ctx, conn, p),
		insertRows(ctx, conn, "project_privacy", privacyRows(p.Privacy)),
	)
}

func privacyRows(p project.Privacy) [][]any {
	var months any
	if p.RetentionMonths > 0 {
		months = p.RetentionMonths
	}
	return [][]any{{p.PersonsInExports, months}}
}

// insertRows inserts rows many at a time: a project may name thousands of
// counterparties.
func insertRows(ctx context.Context, conn *sql.Conn, table string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	mark := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(rows[0])), ", ") + ")"
	if err := insertMarked(ctx, conn, table, mark, rows); err != nil {
		return fmt.Errorf("fill %s: %w", table, err)
	}
	return nil
}

// insertMarked inserts rows into a target; mark has a parameter for each value of one.
func insertMarked(ctx context.Context, conn *sql.Conn, target, mark string, rows [][]any) error {
	for chunk := range slices.Chunk(rows, 500) {
		marks := strings.TrimSuffix(strings.Repeat(mark+", ", len(chunk)), ", ")
		if _, err := conn.ExecContext(ctx, "insert into "+target+" values "+marks, slices.Concat(chunk...)...); err != nil {
			return err
		}
	}
	return nil
}

// globPattern leaves * and ? their meaning and takes it from the brackets that
// DuckDB's GLOB would read.
func globPattern(pattern string) string {
	return strings.ReplaceAll(pattern, "[", "[[]")
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func dateOrNull(d *landing.Date) any {
	if d == nil {
		return nil
	}
	return d.String()
}

// insertBatches fills landing_batches with the batches that are known, numbered
// in the order in which they became known.
func insertBatches(ctx context.Context, conn *sql.Conn, batches []landing.Batch) error {
	for i, b := range batches {
		_, err := conn.ExecContext(ctx,
			`insert into landing_batches values (?, ?, ?, ?, ?, ?, ?, ?::date, ?::date, ?::date, ?::date, ?, ?::date, ?, ?, ?)`,
			i+1, b.ID, b.Dataset, b.Source, b.Scope, string(b.Mode), b.EntityID,
			dateOrNull(b.FiscalYearStart), dateOrNull(b.FirstDate), dateOrNull(b.LastDate),
			dateOrNull(b.ExtractDate), b.LoadedAt.Time, b.KnownOn().Format(time.DateOnly),
			b.Rows, b.Rejects, b.SourceFile)
		if err != nil {
			return fmt.Errorf("insert batch %q: %w", b.ID, err)
		}
	}
	return nil
}

// createLanding makes the views of the datasets over the Parquet files of their live
// batches. What is known only once a file has been read, the start of its fiscal
// year, comes from the manifest.
func createLanding(ctx context.Context, conn *sql.Conn, zone *landing.Zone, live []landing.Batch) error {
	paths := map[string][]string{}
	for _, b := range live {
		paths[b.Dataset] = append(paths[b.Dataset], duck.Text(zone.Path(b)))
	}
	for _, dataset := range slices.Sorted(maps.Keys(paths)) {
		schema, err := sqlfiles.Schema(dataset)
		if err != nil {
			return fmt.Errorf("read the landing zone: a newer program landed it: %w", err)
		}
		var columns []string
		for _, column := range schema.Columns {
			if column.Name == "fiscal_year_start" {
				columns = append(columns, "landing_batches.fiscal_year_start")
				continue
			}
			columns = append(columns, "files."+column.Name)
		}
		_, err = conn.ExecContext(ctx, fmt.Sprintf(`
			drop table memory.main.%[1]s;
			create view memory.main.%[1]s as
			select %[2]s
			from read_parquet([%[3]s], union_by_name = true) as files
			inner join landing_batches on landing_batches.batch_id = files.batch_id`,
			dataset, strings.Join(columns, ", "), strings.Join(paths[dataset], ", ")))
		if err != nil {
			return fmt.Errorf("read dataset %s of the landing zone: %w", dataset, err)
		}
	}
	return nil
}
