package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/landing"
)

// Found is what one check found in one batch.
type Found struct {
	Check     string `json:"check"` // identifier, such as C01
	Severity  string `json:"severity"`
	Lines     int64  `json:"lines"`                // lines concerned
	Stake     string `json:"stake"`                // their amounts without sign, two decimals
	FirstLine int64  `json:"first_line,omitempty"` // 0: the file
}

// Judges tells whether a check reads anything of a batch: entries, counterparties,
// rejected lines or what the reader noticed.
func Judges(b landing.Batch) bool {
	return b.Dataset == landing.LedgerDataset || b.Dataset == counterparties || b.Rejects > 0 || len(b.Notices) > 0
}

// counterparties is the dataset beside the ledger whose numbers are checked.
const counterparties = "counterparties"

// Collect runs the checks that judge a batch by itself over some batches, and gives
// what they found by batch; one without findings is not in it. The connection sees
// the landing tables, landing_batches, project_entities and ref_control_accounts,
// of these batches or of more; what Collect makes on the way it drops.
func Collect(ctx context.Context, conn *sql.Conn, models *graph.Graph, zone *landing.Zone, batches []landing.Batch) (_ map[string][]Found, err error) {
	checks, err := Checks()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, release(context.WithoutCancel(ctx), conn)) }()
	if err := prepare(ctx, conn, models, zone, batches, nil); err != nil {
		return nil, err
	}
	found := map[string][]Found{}
	for _, c := range checks {
		if c.acrossYears() {
			continue
		}
		if err := c.collect(ctx, conn, found); err != nil {
			return nil, fmt.Errorf("run audit check %s: %w", c.name, err)
		}
	}
	return found, nil
}

func (c Check) collect(ctx context.Context, conn *sql.Conn, found map[string][]Found) (err error) {
	rows, err := conn.QueryContext(ctx, fmt.Sprintf(`
select
    batches.batch_id,
    cast(sum(findings.line_count) as bigint),
    cast(cast(coalesce(sum(findings.amount), 0) as decimal(18, 2)) as varchar),
    coalesce(min(findings.source_line), 0)
from (%s) as findings
inner join stg_landing__batches as batches on batches.batch_no = findings.batch_no
group by batches.batch_id`, c.sql))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var batch string
		f := Found{Check: c.ID, Severity: c.Severity}
		if err := rows.Scan(&batch, &f.Lines, &f.Stake, &f.FirstLine); err != nil {
			return err
		}
		found[batch] = append(found[batch], f)
	}
	return rows.Err()
}

// Rules is a hash of everything that decides what Collect finds in a batch.
func Rules(models *graph.Graph) (string, error) {
	files, err := Fingerprint()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	fmt.Fprintln(sum, files)
	for _, r := range relations() {
		if model, ok := models.Model(r.name); ok {
			fmt.Fprintf(sum, "%s\x00%s\x00", r.name, model.SQL)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
