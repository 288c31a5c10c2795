package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/landing"
)

// Scope is what is audited as a whole: a dataset of an entity. A batch is judged
// beside the others of its scope, such as a fiscal year beside the one before.
func Scope(b landing.Batch) string { return b.EntityID + "/" + b.Dataset }

// Collect runs every check over the batches of some scopes and adds what they find to
// quality_findings. The connection sees the landing
// tables, landing_batches, project_entities and ref_control_accounts; what it makes
// on the way it drops. zone and batches say where the rejects are and what the
// readers noticed.
func Collect(ctx context.Context, conn *sql.Conn, models *graph.Graph, zone *landing.Zone, batches []landing.Batch, scopes []string) (err error) {
	if len(scopes) == 0 {
		return nil
	}
	checks, err := Checks()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release(context.WithoutCancel(ctx), conn)) }()
	if err := prepare(ctx, conn, models, zone, batches, nil, scopes); err != nil {
		return err
	}
	for _, c := range checks {
		_, err := conn.ExecContext(ctx, fmt.Sprintf(`
insert into quality_findings
select
    batches.batch_id, ?, ?,
    cast(sum(findings.line_count) as bigint),
    cast(coalesce(sum(findings.amount), 0) as decimal(18, 2)),
    min(findings.source_line), ?, ?, ?, ?
from (%s) as findings
inner join stg_landing__batches as batches on batches.batch_no = findings.batch_no
group by batches.batch_id`, c.sql),
			c.ID, c.Severity, c.Sentence, c.SentenceFR, c.Advice, c.AdviceFR)
		if err != nil {
			return fmt.Errorf("run audit check %s: %w", c.name, err)
		}
	}
	return nil
}
