package generation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/encours/encours/warehouse/audit"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/landing"
)

// qualityMart holds what the audit found.
const qualityMart = "mart_data_quality"

// audit fills quality_findings. Scopes whose batches and rules are those of the
// generation before keep its findings; the others are audited.
func (b *builder) audit(ctx context.Context, conn *sql.Conn, models *graph.Graph) error {
	kept, changed := b.auditScopes()
	if len(kept) > 0 {
		file := filepath.Join(b.published, qualityMart, qualityMart+".parquet")
		_, err := conn.ExecContext(ctx, `
insert into quality_findings
select batch_id, check_id, severity, line_count, stake_amount, first_line, sentence, sentence_fr, advice, advice_fr
from read_parquet(`+duck.Text(file)+`)
where list_contains(?::varchar[], batch_id)`, kept)
		if err != nil {
			return fmt.Errorf("keep what the audit found: %w", err)
		}
	}
	return audit.Collect(ctx, conn, models, b.Zone, b.live, changed)
}

// auditScopes returns the live batches whose findings can be kept, and the scopes
// that are to be audited.
func (b *builder) auditScopes() (kept, changed []string) {
	live := map[string][]string{}
	for _, batch := range b.live {
		live[audit.Scope(batch)] = append(live[audit.Scope(batch)], batch.ID)
	}
	before, ok := b.auditedBefore()
	for _, scope := range slices.Sorted(maps.Keys(live)) {
		if ok && slices.Equal(before[scope], live[scope]) {
			kept = append(kept, live[scope]...)
		} else {
			changed = append(changed, scope)
		}
	}
	return kept, changed
}

// auditedBefore returns the batches of the generation before by scope, in their
// order. It is false where its findings are not those that an audit would give now.
func (b *builder) auditedBefore() (map[string][]string, bool) {
	p := b.previous
	if p == nil || p.AuditHash != b.manifest.AuditHash || p.ModelsHash != b.manifest.ModelsHash || !maps.Equal(p.RefHashes, b.manifest.RefHashes) {
		return nil, false
	}
	known := map[string]landing.Batch{}
	for _, batch := range b.known {
		known[batch.ID] = batch
	}
	before := map[string][]string{}
	for _, id := range p.Batches {
		batch, ok := known[id]
		if !ok {
			continue // not known at the moment of this build: its scope has other batches now
		}
		before[audit.Scope(batch)] = append(before[audit.Scope(batch)], id)
	}
	return before, true
}

// remember reads what the current generation stands on, where there is one.
func (b *builder) remember(s *Store) error {
	id, err := s.CurrentID()
	if errors.Is(err, ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := s.Manifest(id)
	if err != nil {
		return err
	}
	b.published = filepath.Join(s.folder(id), "parquet")
	file := filepath.Join(b.published, qualityMart, qualityMart+".parquet")
	if _, err := os.Stat(file); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return fmt.Errorf("read generation %q: %w", id, err)
	}
	b.previous = &m
	return nil
}
