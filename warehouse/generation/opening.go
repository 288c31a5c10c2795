package generation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/graph"
)

// OpeningDate returns the date of the opening entries of a ledger that has been
// landed in a Parquet file and does not count yet; ok is false where it has none.
// The rule is that of the models: int_opening_entries runs on this one file as if
// its fiscal year began with its first entry.
func OpeningDate(ctx context.Context, db *sql.DB, file string, first time.Time) (date time.Time, ok bool, err error) {
	models, err := graph.Embedded(ctx, db)
	if err != nil {
		return date, false, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return date, false, fmt.Errorf("look for opening entries: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	const schema = "opening_entries"
	statements := []string{
		"create schema memory." + schema,
		"set search_path = 'memory." + schema + "'",
		fmt.Sprintf(`create view stg_fec__lines as
			select (source_part - 1) * 10000000 + source_line as line_key, 1 as fy_no, coalesce(journal_code, '') as journal_code, journal_label,
				entry_number, entry_date, coalesce(account, '') as account, cast(debit - credit as decimal(18, 2)) as debit_less_credit
			from read_parquet(%s)`, duck.Text(file)),
		fmt.Sprintf("create view stg_fec__fiscal_years as select 1 as fy_no, date %s as fiscal_year_start",
			duck.Text(first.Format(time.DateOnly))),
	}
	for _, name := range []string{"int_entries", "int_opening_entries"} {
		model, found := models.Model(name)
		if !found {
			return date, false, fmt.Errorf("look for opening entries: no model %s", name)
		}
		statements = append(statements, "create view "+name+" as "+model.SQL)
	}
	for _, statement := range statements {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return date, false, fmt.Errorf("look for opening entries: %w", err)
		}
	}
	var found sql.NullTime
	if err := conn.QueryRowContext(ctx, "select min(entry_date) from int_opening_entries").Scan(&found); err != nil {
		return date, false, fmt.Errorf("look for opening entries: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "set search_path = 'memory.main'; drop schema memory."+schema+" cascade"); err != nil {
		return date, false, fmt.Errorf("look for opening entries: %w", err)
	}
	return found.Time.UTC(), found.Valid, nil
}
