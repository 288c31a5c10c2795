package generation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/graph"
)

// createAll makes the relations in order, and drops each scratch table once nothing
// reads it any more: the memory of a build is that of its widest step.
func (b *builder) createAll(ctx context.Context, conn *sql.Conn, models *graph.Graph) error {
	dropped := map[string]bool{}
	var kept []graph.Model
	for i, model := range models.Models {
		b.step(model.Name)
		if err := b.create(ctx, conn, model, models.IsBuildOnly(model.Name)); err != nil {
			return fmt.Errorf("build %s: %w", model.Path, err)
		}
		if model.Header.Materialized != graph.Scratch && !models.IsBuildOnly(model.Name) {
			kept = append(kept, model)
		}
		for _, name := range models.Expired(i + 1) {
			if dropped[name] {
				continue
			}
			dropped[name] = true
			if _, err := conn.ExecContext(ctx, "drop table scratch.main."+name); err != nil {
				return fmt.Errorf("drop %s: %w", name, err)
			}
		}
	}
	b.step("comments")
	return comment(ctx, conn, kept)
}

// create makes one relation. What does not outlive the build is not compressed: it
// is written once and read a few times.
func (b *builder) create(ctx context.Context, conn *sql.Conn, m graph.Model, buildOnly bool) error {
	started := time.Now()
	catalog, kind, compression := "warehouse", m.Header.Materialized, "auto"
	switch {
	case kind == graph.Scratch:
		catalog, kind, compression = "scratch", graph.Table, "uncompressed"
	case buildOnly:
		catalog = "memory"
	}
	if compression != b.compression {
		if _, err := conn.ExecContext(ctx, "set force_compression = '"+compression+"'"); err != nil {
			return err
		}
		b.compression = compression
	}
	facts := RelationFacts{Name: m.Name, Rows: -1}
	statement := fmt.Sprintf("create %s %s.main.%s as %s", kind, catalog, m.Name, m.SQL)
	if kind == graph.Table { // DuckDB answers how many rows it has written
		if err := conn.QueryRowContext(ctx, statement).Scan(&facts.Rows); err != nil {
			return err
		}
	} else if _, err := conn.ExecContext(ctx, statement); err != nil {
		return err
	}
	facts.Seconds = time.Since(started).Seconds()
	b.manifest.Relations = append(b.manifest.Relations, facts)
	return nil
}

// comment writes the headers of the models into the catalogue. The columns of all
// relations are asked for at once, and all is written in one transaction.
func comment(ctx context.Context, conn *sql.Conn, models []graph.Model) (err error) {
	actual := map[string][]string{}
	rows, err := conn.QueryContext(ctx,
		"select table_name, column_name from duckdb_columns() where database_name = 'warehouse' order by table_name, column_index")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return err
		}
		actual[table] = append(actual[table], column)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	statements := []string{"begin"}
	for _, m := range models {
		var described []string
		statements = append(statements, fmt.Sprintf("comment on %s warehouse.main.%s is %s", m.Header.Materialized, m.Name,
			duck.Text(m.Header.Question+" "+"Grain: "+m.Header.Grain+".")))
		for _, column := range m.Header.Columns {
			described = append(described, column.Name)
			statements = append(statements, fmt.Sprintf("comment on column warehouse.main.%s.%s is %s",
				m.Name, duck.Ident(column.Name), duck.Text(column.Meaning)))
		}
		if !slices.Equal(actual[m.Name], described) {
			return fmt.Errorf("build %s: the header describes the columns %s; the model gives %s", m.Path,
				strings.Join(described, ", "), strings.Join(actual[m.Name], ", "))
		}
	}
	_, err = conn.ExecContext(ctx, strings.Join(append(statements, "commit"), ";\n"))
	return err
}
