package audit

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"

	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/landing"
)

// relation is a temporary relation that the checks read, in the order in which they
// are made. What is not a file of the audit is a model.
type relation struct {
	kind, name string
	sql        string // empty: the file or model of that name
}

func relations() []relation {
	return []relation{
		{kind: "table", name: "stg_landing__batches"},
		{kind: "table", name: "stg_fec__fiscal_years"},
		{kind: "view", name: "stg_fec__lines"},
		{kind: "table", name: "audit_entries"},
		{kind: "table", name: "audit_dated_entries"},
		// what recognises openings reads entries by date: they are there already, but for
		// those of several dates
		{kind: "view", name: "int_entries", sql: `select fy_no, journal_code, entry_number, entry_date,
				class_flags, entry_amount, entry_key
			from audit_entries where entry_date = last_entry_date
			union all select * from audit_dated_entries`},
		{kind: "table", name: "int_opening_entries"},
		{kind: "table", name: "int_year_breaks"},
		{kind: "table", name: "audit_unbalanced"},
		{kind: "table", name: "audit_open_letterings"},
		{kind: "table", name: "audit_identifiers"},
	}
}

// prepare makes the relations of the checks over the landing tables that the
// connection sees, as temporary ones of the connection, which hold these batches
// only. notices is that of Open.
func prepare(ctx context.Context, conn *sql.Conn, models *graph.Graph, zone *landing.Zone, batches []landing.Batch, notices map[string]string) error {
	if err := attachRejects(ctx, conn, zone, batches); err != nil {
		return err
	}
	if err := insertNotices(ctx, conn, batches, notices); err != nil {
		return err
	}
	for _, r := range relations() {
		query := r.sql
		if query == "" {
			var err error
			if query, err = sqlOf(models, r.name); err != nil {
				return err
			}
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("create temp %s %s as %s", r.kind, r.name, query)); err != nil {
			return fmt.Errorf("prepare audit: make %s: %w", r.name, err)
		}
		if r.name != "stg_landing__batches" {
			continue
		}
		// everything else is read through the batches
		var ids []string
		for _, b := range batches {
			ids = append(ids, b.ID)
		}
		_, err := conn.ExecContext(ctx, "delete from temp.stg_landing__batches where not list_contains(?::varchar[], batch_id)", ids)
		if err != nil {
			return fmt.Errorf("prepare audit: %w", err)
		}
	}
	return nil
}

func sqlOf(models *graph.Graph, name string) (string, error) {
	if model, ok := models.Model(name); ok {
		return model.SQL, nil
	}
	text, err := fs.ReadFile(sqlfiles.Files, "audit/relations/"+name+".sql")
	if err != nil {
		return "", fmt.Errorf("prepare audit: %w", err)
	}
	return string(text), nil
}

// release drops what prepare made.
func release(ctx context.Context, conn *sql.Conn) error {
	made := append([]relation{{kind: "view", name: "landing_rejects"}, {kind: "table", name: "landing_notices"}}, relations()...)
	for i := len(made) - 1; i >= 0; i-- {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("drop %s if exists temp.%s", made[i].kind, made[i].name)); err != nil {
			return fmt.Errorf("end audit: %w", err)
		}
	}
	return nil
}

// attachRejects makes landing_rejects, the rejected lines of the batches.
func attachRejects(ctx context.Context, conn *sql.Conn, zone *landing.Zone, batches []landing.Batch) error {
	var paths []string
	for _, b := range batches {
		if b.Rejects > 0 {
			paths = append(paths, duck.Text(zone.RejectsPath(b)))
		}
	}
	source := `select null::varchar as batch_id, null::bigint as source_line, null::varchar as source_column,
		null::varchar as value, null::varchar as reason, null::varchar as message, null::varchar as raw where false`
	if len(paths) > 0 {
		source = `select parse_filename(filename, true) as batch_id, source_line, source_column, value, reason, message, raw
			from read_parquet([` + strings.Join(paths, ", ") + `], filename = true)`
	}
	if _, err := conn.ExecContext(ctx, "create temp view landing_rejects as "+source); err != nil {
		return fmt.Errorf("prepare audit: read rejects: %w", err)
	}
	return nil
}

// insertNotices makes landing_notices: line by line where a batch has a file of
// notices, else the counts of its manifest.
func insertNotices(ctx context.Context, conn *sql.Conn, batches []landing.Batch, files map[string]string) error {
	if _, err := conn.ExecContext(ctx, `create temp table landing_notices (batch_id varchar, check_id varchar,
		source_line bigint, source_column varchar, value varchar, line_count bigint)`); err != nil {
		return fmt.Errorf("prepare audit: %w", err)
	}
	for _, b := range batches {
		if file, ok := files[b.ID]; ok {
			_, err := conn.ExecContext(ctx, `insert into landing_notices
				select ?, check_id, nullif(source_line, 0), source_column, value, 1 from read_parquet(`+duck.Text(file)+")", b.ID)
			if err != nil {
				return fmt.Errorf("prepare audit: read notices: %w", err)
			}
			continue
		}
		for _, n := range b.Notices {
			_, err := conn.ExecContext(ctx, "insert into landing_notices values (?, ?, nullif(?, 0), ?, ?, ?)",
				b.ID, n.Check, n.FirstLine, n.Column, n.Value, n.Count)
			if err != nil {
				return fmt.Errorf("prepare audit: insert notice: %w", err)
			}
		}
	}
	return nil
}
