package reports

import (
	"context"
	"database/sql"
)

// Batches returns the batches that were known to the generation, the latest
// first; those that a later one of their scope replaced are not live.
func (v *View) Batches(ctx context.Context) ([]BatchRow, error) {
	return figure(ctx, v, "batches", "", func() (batches []BatchRow, err error) {
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var b BatchRow
			err := rows.Scan(&b.ID, &b.Dataset, &b.Source, &b.Entity, &b.File, date(&b.FiscalYearStart),
				date(&b.FirstDate), date(&b.LastDate), &b.LoadedAt, &b.KnownOn, &b.Rows, &b.Rejects, &b.IsLive)
			batches = append(batches, b)
			return err
		}, `
select
    batch_id, dataset, source, entity_id, source_file, fiscal_year_start,
    first_date, last_date, loaded_at, known_on, row_count, reject_count,
    batch_no in (select batch_no from stg_landing__batches) as is_live,
from landing_batches
order by batch_no desc`)
		return batches, err
	})
}
