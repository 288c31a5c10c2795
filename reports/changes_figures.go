package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Rows of the lists of ChangeFigures.
const (
	changeRowLimit   = 200
	changePartyLimit = 50
)

// ChangeKinds are what may have become of an item, in the order in which they lead
// from the balance before to the balance after.
func ChangeKinds() []string { return []string{"appeared", "vanished", "changed"} }

// ChangeFigures are what changed between two known-at days, as a page shows it. Its
// totals are those of all changes; Rows and Counterparties hold the largest.
type ChangeFigures struct {
	From, To       ChangeSide
	Kinds          []ChangeKind // one for each of ChangeKinds
	Count          int64        // changes
	Change         Amount       // their sum: To.Open less From.Open
	Counterparties []CounterpartyChange
	PartyCount     int64
	OtherParties   Amount // change of those that Counterparties does not list
	Rows           []ChangeRow
	Landed         []BatchRow // count at the later day and not at the earlier one
	Replaced       []BatchRow // counted at the earlier day only
}

// ChangeSide is one of the two instants.
type ChangeSide struct {
	KnownAt    time.Time // zero: what the generation that serves knows
	KnownOn    time.Time // latest known-on day of what counted
	Generation string
	Open       Amount
	Proof      Proof
}

// ChangeKind is the total of the changes of one kind.
type ChangeKind struct {
	Change string
	Count  int64
	Amount Amount
}

// CounterpartyChange is what changed for one counterparty. An item that went to another
// one is taken off the first and added to the second, so that Total is the difference
// of the two balances of the counterparty.
type CounterpartyChange struct {
	Entity, ID, Name string
	Kinds            []Amount // in the order of ChangeKinds
	Total            Amount
	Count            int64
}

// ChangeRow is an item that changed. Amounts and dates of a side that does not know
// the item are zero.
type ChangeRow struct {
	Entity, CounterpartyID, Name     string
	PreviousCounterpartyID           string // "" where it is the same, or there is none
	Change, Fields, MatchedBy        string // Fields as in changed_fields of the report
	DocumentRef, PreviousDocumentRef string
	Type                             string
	EntryDate                        time.Time
	PreviousDueDate, DueDate         time.Time
	PreviousOpen, Open, OpenChange   Amount
	WasDisputed, IsDisputed          bool
	PreviousFile, File               string
	PreviousLine, Line               int64 // 0: none
	ItemID                           int64 // of the later instant; 0: it does not know the item
}

// Figures reads what a page shows of the comparison.
func (c *Changes) Figures(ctx context.Context) (*ChangeFigures, error) {
	f := &ChangeFigures{From: c.before.side(c.Before), To: c.after.side(c.After), Change: c.After - c.Before}
	for _, read := range []func(context.Context, *ChangeFigures) error{
		c.readKinds, c.readCounterparties, c.readRows, c.readBatches,
	} {
		if err := read(ctx, f); err != nil {
			return nil, fmt.Errorf("read the changes: %w", err)
		}
	}
	return f, nil
}

func (v *View) side(open Amount) ChangeSide {
	s := ChangeSide{KnownOn: v.meta.KnownOn, Generation: v.meta.Generation, Open: open, Proof: v.meta.Proof}
	if at := v.generation.Manifest().KnownAt; at != nil {
		s.KnownAt = at.Time
	}
	return s
}

func (c *Changes) query(ctx context.Context, scan func(*sql.Rows) error, query string) (err error) {
	rows, err := c.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (c *Changes) readKinds(ctx context.Context, f *ChangeFigures) error {
	for _, kind := range ChangeKinds() {
		f.Kinds = append(f.Kinds, ChangeKind{Change: kind})
	}
	return c.query(ctx, func(rows *sql.Rows) error {
		var k ChangeKind
		if err := rows.Scan(&k.Change, &k.Count, &k.Amount); err != nil {
			return err
		}
		for i := range f.Kinds {
			if f.Kinds[i].Change == k.Change {
				f.Kinds[i] = k
				f.Count += k.Count
				return nil
			}
		}
		return fmt.Errorf("a change of the kind %q", k.Change)
	}, `
select change, count(*), cast(sum(open_change_amount) as decimal(18, 2))
from changes
group by change`)
}

func (c *Changes) readCounterparties(ctx context.Context, f *ChangeFigures) error {
	var listed Amount
	err := c.query(ctx, func(rows *sql.Rows) error {
		p := CounterpartyChange{Kinds: make([]Amount, len(ChangeKinds()))}
		err := rows.Scan(&p.Entity, &p.ID, &p.Name, &p.Kinds[0], &p.Kinds[1], &p.Kinds[2], &p.Total, &p.Count, &f.PartyCount)
		f.Counterparties = append(f.Counterparties, p)
		listed += p.Total
		return err
	}, fmt.Sprintf(changedPartiesSQL, changePartyLimit))
	f.OtherParties = f.Change - listed
	return err
}

// changedPartiesSQL takes what was open off the counterparty that had it and adds what
// is open to the one that has it.
const changedPartiesSQL = `
with
sides as (
    select entity_id, counterparty_id, change, open_amount as amount, 1 as item_count
    from changes
    where change <> 'vanished'
    union all
    select
        entity_id,
        coalesce(previous_counterparty_id, ''),
        change,
        -previous_open_amount,
        case when change = 'vanished' or previous_counterparty_id <> counterparty_id then 1 else 0 end,
    from changes
    where change <> 'appeared'
),
names as (
    select entity_id, counterparty_id, max(counterparty_name) as counterparty_name
    from (
        select entity_id, counterparty_id, counterparty_name from before_items
        union all
        select entity_id, counterparty_id, counterparty_name from after_items
    )
    group by entity_id, counterparty_id
),
summed as (
    select
        entity_id,
        coalesce(counterparty_id, '') as counterparty_id,
        cast(coalesce(sum(amount) filter (where change = 'appeared'), 0) as decimal(18, 2)) as appeared,
        cast(coalesce(sum(amount) filter (where change = 'vanished'), 0) as decimal(18, 2)) as vanished,
        cast(coalesce(sum(amount) filter (where change = 'changed'), 0) as decimal(18, 2)) as changed,
        cast(sum(amount) as decimal(18, 2)) as total,
        cast(sum(item_count) as bigint) as item_count,
    from sides
    group by all
)
select
    summed.entity_id,
    summed.counterparty_id,
    coalesce(names.counterparty_name, ''),
    appeared,
    vanished,
    changed,
    total,
    item_count,
    count(*) over (),
from summed
left join names on names.entity_id = summed.entity_id and names.counterparty_id = summed.counterparty_id
order by abs(total) desc, summed.entity_id, summed.counterparty_id
limit %d`

func (c *Changes) readRows(ctx context.Context, f *ChangeFigures) error {
	return c.query(ctx, func(rows *sql.Rows) error {
		var r ChangeRow
		err := rows.Scan(&r.Entity, &r.CounterpartyID, &r.Name, &r.PreviousCounterpartyID, &r.Change, &r.Fields, &r.MatchedBy,
			&r.DocumentRef, &r.PreviousDocumentRef, &r.Type, date(&r.EntryDate), date(&r.PreviousDueDate), date(&r.DueDate),
			&r.PreviousOpen, &r.Open, &r.OpenChange, &r.WasDisputed, &r.IsDisputed,
			&r.PreviousFile, &r.File, &r.PreviousLine, &r.Line, &r.ItemID)
		f.Rows = append(f.Rows, r)
		return err
	}, fmt.Sprintf(`
select
    entity_id, coalesce(counterparty_id, ''), coalesce(counterparty_name, ''),
    case when change = 'changed' and previous_counterparty_id <> counterparty_id then previous_counterparty_id else '' end,
    change, changed_fields, coalesce(matched_by, ''),
    coalesce(document_ref, ''), coalesce(previous_document_ref, ''), item_type, entry_date, previous_due_date, due_date,
    coalesce(previous_open_amount, 0), coalesce(open_amount, 0), open_change_amount,
    coalesce(was_disputed, false), coalesce(is_disputed, false),
    coalesce(previous_source_file, ''), coalesce(source_file, ''),
    coalesce(previous_source_line, 0), coalesce(source_line, 0), coalesce(item_id, 0),
from changes as listed
order by %s
limit %d`, changesOrder, changeRowLimit))
}

// readBatches tells which extracts stand behind the changes. A due date or a dispute
// comes from a file of its own, not from the line of the item.
func (c *Changes) readBatches(ctx context.Context, f *ChangeFigures) error {
	before, err := c.before.Batches(ctx)
	if err != nil {
		return err
	}
	after, err := c.after.Batches(ctx)
	if err != nil {
		return err
	}
	f.Landed, f.Replaced = liveOnlyIn(after, before), liveOnlyIn(before, after)
	return nil
}

func liveOnlyIn(some, others []BatchRow) (only []BatchRow) {
	counts := map[string]bool{}
	for _, b := range others {
		counts[b.ID] = b.IsLive
	}
	for _, b := range some {
		if b.IsLive && !counts[b.ID] {
			only = append(only, b)
		}
	}
	return only
}
