package generation

import (
	"context"
	"database/sql"
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
	for i, model := range models.Models {
		b.step(model.Name)
		if err := b.create(ctx, conn, model, models.IsBuildOnly(model.Name)); err != nil {
			return fmt.Errorf("build %s: %w", model.Path, err)
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
	return nil
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
	for _, statement := range []string{
		"set force_compression = '" + compression + "'",
		fmt.Sprintf("create %s %s.main.%s as %s", kind, catalog, m.Name, m.SQL),
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	facts := RelationFacts{Name: m.Name, Rows: -1}
	if kind == graph.Table {
		count := fmt.Sprintf("select count(*) from %s.main.%s", catalog, m.Name)
		if err := conn.QueryRowContext(ctx, count).Scan(&facts.Rows); err != nil {
			return err
		}
	}
	facts.Seconds = time.Since(started).Seconds()
	b.manifest.Relations = append(b.manifest.Relations, facts)
	if catalog != "warehouse" {
		return nil
	}
	return comment(ctx, conn, m)
}

// comment writes the header of a model into the catalogue.
func comment(ctx context.Context, conn *sql.Conn, m graph.Model) error {
	var actual []string
	rows, err := conn.QueryContext(ctx,
		"select column_name from duckdb_columns() where database_name = 'warehouse' and table_name = ? order by column_index", m.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		actual = append(actual, name)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	var described []string
	kind := m.Header.Materialized
	statements := []string{fmt.Sprintf("comment on %s warehouse.main.%s is %s", kind, m.Name,
		duck.Text(m.Header.Question+" "+"Grain: "+m.Header.Grain+"."))}
	for _, column := range m.Header.Columns {
		described = append(described, column.Name)
		statements = append(statements, fmt.Sprintf("comment on column warehouse.main.%s.%s is %s",
			m.Name, duck.Ident(column.Name), duck.Text(column.Meaning)))
	}
	if !slices.Equal(actual, described) {
		return fmt.Errorf("the header describes the columns %s; the model gives %s",
			strings.Join(described, ", "), strings.Join(actual, ", "))
	}
	// one transaction: the file is written once, not once per comment
	all := "begin;\n" + strings.Join(statements, ";\n") + ";\ncommit"
	if _, err := conn.ExecContext(ctx, all); err != nil {
		return err
	}
	return nil
}
