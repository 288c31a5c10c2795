package reports

import (
	"context"
	"database/sql"
)

// Statuses of a Proof.
const (
	Proved     = "proved"
	Difference = "difference"
	NoLedger   = "no_ledger"
)

// Reconciliation returns the lines of mart_reconciliation that the selection
// covers, by entity and account family: for the group those of every entity that
// is part of it, translated into its currency, intercompany included, because the
// ledger knows no difference.
func (v *View) Reconciliation(ctx context.Context) ([]ReconciliationLine, error) {
	all, err := v.reconciliation(ctx)
	if err != nil {
		return nil, err
	}
	lines := []ReconciliationLine{}
	for _, line := range all {
		if line.Side == v.selection.Side && v.covers(line.Entity) {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// reconciliation reads the whole mart, once for a date.
func (v *View) reconciliation(ctx context.Context) ([]ReconciliationLine, error) {
	whole := *v
	relation, entity := v.reconciled()
	whole.selection.Entity, whole.selection.Side = "", ""
	return figure(ctx, &whole, "reconciliation", relation, func() (lines []ReconciliationLine, err error) {
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var l ReconciliationLine
			err := rows.Scan(&l.Entity, &l.Side, &l.AccountFamily, &l.IsAged, &l.HasLedger, &l.Ledger, &l.Items, &l.Buckets, &l.Difference)
			lines = append(lines, l)
			return err
		}, `
select
    `+entity+` as entity_id, side, account_family, is_aged,
    ledger_amount is not null as has_ledger, coalesce(ledger_amount, 0) as ledger_amount,
    items_amount, buckets_amount, coalesce(difference_amount, 0) as difference_amount,
from `+relation+`
order by all`)
		return lines, err
	})
}

// reconciled returns the mart that compares the items of the selection with the
// ledger, and its column that names the entity. Where nothing is translated that of
// the entities is that of the group.
func (v *View) reconciled() (relation, entity string) {
	if v.selection.Entity == "" && v.facts.translates() {
		return "mart_group_reconciliation", "member_id"
	}
	return "mart_reconciliation", "entity_id"
}

// proof adds the lines up: amounts over the families that are in the ageing,
// differences over all. One line without a ledger is enough to leave the whole
// unproved, unless a ledger differs, which is worse.
func (v *View) proof(ctx context.Context) (Proof, error) {
	lines, err := v.Reconciliation(ctx)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{Status: NoLedger, Lines: len(lines)}
	whole := true
	for _, l := range lines {
		whole = whole && l.HasLedger
		if l.IsAged {
			p.Ledger += l.Ledger
			p.Items += l.Items
			p.Buckets += l.Buckets
		}
		p.Difference += max(l.Difference, -l.Difference)
	}
	for _, e := range v.facts.entities {
		// without a line that was compared there is nothing to call proved
		if v.covers(e.ID) && e.HasLedger && len(lines) > 0 && whole {
			p.Status = Proved
		}
	}
	if p.Difference != 0 {
		p.Status = Difference
	}
	if v.selection.Entity == "" {
		b, err := v.buckets(ctx, ByDueDate)
		if err != nil {
			return Proof{}, err
		}
		p.Intercompany = b.intercompany
	}
	return p, nil
}

// proofs returns the proof of each side of an entity, or with "" of the entities of
// the selection, for reports that are about both.
func (v *View) proofs(ctx context.Context, entity string) (map[string]Proof, error) {
	made := map[string]Proof{}
	for _, side := range []string{Supplier, Customer} {
		other := *v
		other.selection.Side = side
		if entity != "" {
			other.selection.Entity = entity
		}
		p, err := other.proof(ctx)
		if err != nil {
			return nil, err
		}
		made[side] = p
	}
	return made, nil
}
