package reports

import (
	"context"
	"database/sql"
	"time"
)

// QualityRow is a row of mart_data_quality: what one audit check found in one
// batch.
type QualityRow struct {
	Entity, Source, File, Batch string
	FiscalYearStart             time.Time // zero: not a ledger
	Check, Severity             string    // severity: error, warn or info
	Lines                       int64     // concerned
	Stake                       Amount    // amounts of these lines, without sign
	FirstLine                   int64     // 0: the finding is about the file
	Sentence, SentenceFR        string
	Advice, AdviceFR            string
}

// Quality returns what is wrong with the extracts of the selection, the worst
// first: by severity, then by the money at stake. For the group it is every
// extract, in the currency of its entity.
func (v *View) Quality(ctx context.Context) ([]QualityRow, error) {
	return figure(ctx, v, "quality", "", func() (rows []QualityRow, err error) {
		rows = []QualityRow{}
		condition, args := v.qualityScope()
		err = v.session.Query(ctx, func(r *sql.Rows) error {
			var q QualityRow
			err := r.Scan(&q.Entity, &q.Source, &q.File, &q.Batch, date(&q.FiscalYearStart), &q.Check, &q.Severity,
				&q.Lines, &q.Stake, &q.FirstLine, &q.Sentence, &q.SentenceFR, &q.Advice, &q.AdviceFR)
			rows = append(rows, q)
			return err
		}, `
select
    entity_id, source, source_file, batch_id, fiscal_year_start, check_id, severity,
    line_count, stake_amount, coalesce(first_line, 0), sentence, sentence_fr, advice, advice_fr,
from mart_data_quality
where `+condition+`
order by severity_order, stake_amount desc, entity_id, batch_id, check_id`, args...)
		return rows, err
	})
}

// qualityScope is the condition of a selection on mart_data_quality: an extract
// belongs to an entity and to no side.
func (v *View) qualityScope() (string, []any) {
	if v.selection.Entity == "" {
		return "true", nil
	}
	return "entity_id = $entity", []any{sql.Named("entity", v.selection.Entity)}
}

// qualityReport has one row per batch and check that found something.
func (v *View) qualityReport(AgeingFilter) (query, error) {
	condition, args := v.qualityScope()
	return query{
		selects: `
select
    entity_id,
    source,
    source_file,
    batch_id,
    fiscal_year_start,
    check_id,
    severity,
    severity_order,
    line_count,
    stake_amount,
    first_line,
    sentence,
    sentence_fr,
    advice,
    advice_fr,
from mart_data_quality
where ` + condition,
		order:  "listed.severity_order, listed.stake_amount desc, listed.entity_id, listed.batch_id, listed.check_id",
		args:   args,
		totals: []string{"line_count"},
	}, nil
}
