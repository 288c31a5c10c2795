package generation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
)

// reach fills in how far the batches of invoices and payments go whose manifests do
// not say it: those that were sent, and what queries of databases gave.
func (b *builder) reach(ctx context.Context) (err error) {
	undated := map[string][]string{} // dataset: files
	for _, batch := range b.live {
		if batch.LastDate == nil && (batch.Dataset == "invoices" || batch.Dataset == "payments") {
			undated[batch.Dataset] = append(undated[batch.Dataset], duck.Text(b.Zone.Path(batch)))
		}
	}
	if len(undated) == 0 {
		return nil
	}
	db, err := duck.Open(ctx, "", b.Limits, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	last := map[string]time.Time{}
	for dataset, column := range map[string]string{"invoices": "issue_date", "payments": "payment_date"} {
		if len(undated[dataset]) == 0 {
			continue
		}
		statement := fmt.Sprintf("select batch_id, max(%s) from read_parquet([%s]) group by batch_id", column, strings.Join(undated[dataset], ", "))
		if err := lastOf(ctx, db, statement, last); err != nil {
			return fmt.Errorf("look how far the %s go: %w", dataset, err)
		}
	}
	for i, batch := range b.live {
		if date, ok := last[batch.ID]; ok && batch.LastDate == nil {
			day := landing.NewDate(date)
			b.live[i].LastDate = &day
		}
	}
	return nil
}

// lastOf reads the date of each batch that has one.
func lastOf(ctx context.Context, db *sql.DB, statement string, into map[string]time.Time) (err error) {
	rows, err := db.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id string
		var date sql.NullTime
		if err := rows.Scan(&id, &date); err != nil {
			return err
		}
		if date.Valid {
			into[id] = date.Time.UTC()
		}
	}
	return rows.Err()
}
