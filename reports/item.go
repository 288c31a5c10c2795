package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
)

// Item returns an item of an entity with its movements up to the as-of date and
// the ledger line that it comes from, read from the landing zone. An item made of
// a gap between an opening and the closing before it has no line. It returns
// ErrNotFound where there is no such item at that date.
func (v *View) Item(ctx context.Context, entity string, id int64) (*Item, error) {
	return figure(ctx, v, "item", fmt.Sprintf("%q %d", entity, id), func() (*Item, error) {
		itemKey, err := v.itemKey(ctx, entity, id)
		if err != nil {
			return nil, err
		}
		made := &item{key: itemKey}
		made.Entity, made.ItemID = entity, id
		steps := []func(context.Context, *item) error{
			v.readItem, v.readMovements, v.readCounterparts, v.readBatch, v.readLine,
		}
		for _, step := range steps {
			if err := step(ctx, made); err != nil {
				return nil, err
			}
		}
		made.Buckets = v.emptyBuckets(ByDueDate)
		return &made.Item, nil
	})
}

// item is an Item on its way.
type item struct {
	Item
	key int64 // item_key
}

func (i *item) args() []any {
	return []any{sql.Named("entity", i.Entity), sql.Named("id", i.ItemID)}
}

func (v *View) readItem(ctx context.Context, item *item) error {
	with, err := v.narrowed(ctx, "fct_items", itemLeaves(item.key))
	if err != nil {
		return err
	}
	found := 0
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		found++
		return item.scan(rows, &item.Side, &item.CounterpartyID, number(&item.OriginItemID), date(&item.EntryDate), text(&item.BatchID),
			text(&item.DocumentCurrency), &item.DocumentAmount)
	}, with+`
select `+itemColumns+`,
    side, counterparty_id, origin_item_id, entry_date, batch_id,
    case when currency <> $currency then currency end as currency,
    coalesce(currency_amount, 0) as currency_amount,
from fct_items
where entity_id = $entity and item_id = $id`, append(item.args(), sql.Named("currency", v.currencyOf(item.Entity)))...)
	switch {
	case err != nil:
		return err
	case found == 0:
		return fmt.Errorf("find item %d of %q: %w", item.ItemID, item.Entity, ErrNotFound)
	case found > 1:
		return fmt.Errorf("find item %d of %q: internal error: it is there %d times", item.ItemID, item.Entity, found)
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&item.CounterpartyName) }, `
select counterparty_name
from dim_counterparties
where entity_id = $entity and side = $side and counterparty_id = $counterparty`,
		sql.Named("entity", item.Entity), sql.Named("side", item.Side), sql.Named("counterparty", item.CounterpartyID))
}

func (v *View) readMovements(ctx context.Context, item *item) error {
	with, err := v.narrowed(ctx, "fct_item_movements", itemLeaves(item.key))
	if err != nil {
		return err
	}
	balance := Amount(0)
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var m Movement
		err := rows.Scan(&m.No, &m.Date, &m.Type, text(&m.SettlementKind), text(&m.MatchMethod),
			&m.Amount, number(&m.CounterpartItemID), &m.IsEstimated)
		balance += m.Amount
		m.Balance = balance
		item.Movements = append(item.Movements, m)
		return err
	}, with+`
select
    movement_no, movement_date, movement_type, settlement_kind, match_method,
    amount, counterpart_item_id, is_estimated,
from fct_item_movements
where entity_id = $entity and item_id = $id and movement_date <= cast($as_of as date)
order by movement_no`, append(item.args(), sql.Named("as_of", day(v.selection.AsOf)))...)
}

// readCounterparts names the items on the other side of the movements, and the
// one that this item takes over from. The rows are found first and read then: a
// list of keys is a condition on which DuckDB would read every column of them all.
func (v *View) readCounterparts(ctx context.Context, item *item) error {
	base := item.key - item.ItemID
	var keys []int64
	for _, m := range item.Movements {
		if m.CounterpartItemID != 0 {
			keys = append(keys, base+m.CounterpartItemID)
		}
	}
	if item.OriginItemID != 0 {
		keys = append(keys, base+item.OriginItemID)
	}
	if len(keys) == 0 {
		return nil
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var id int64
		var ref, kind string
		err := rows.Scan(&id, text(&ref), &kind)
		if id == item.OriginItemID {
			item.OriginRef = ref
		}
		for i := range item.Movements {
			if m := &item.Movements[i]; m.CounterpartItemID == id {
				m.CounterpartRef, m.CounterpartType = ref, kind
			}
		}
		return err
	}, fmt.Sprintf(`
select item_key - %d as item_id, document_ref, item_type
from int_items
where rowid in (select rowid from int_items where item_key in (%s))`, base, keyList(keys)))
}

func (v *View) readBatch(ctx context.Context, item *item) error {
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		return rows.Scan(&item.LoadedAt, date(&item.ExtractDate))
	}, `select loaded_at, extract_date from landing_batches where batch_id = ?`, item.BatchID)
}

// readLine reads the ledger line itself. The figures do not need it, so that a
// landing file that was moved away is told, not an error.
func (v *View) readLine(ctx context.Context, item *item) error {
	if item.SourceLine == 0 {
		return nil
	}
	file := v.service.options.Zone.Path(landing.Batch{Dataset: landing.LedgerDataset, ID: item.BatchID})
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		item.IsSourceMissing = true
		return nil
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		return rows.Scan(text(&item.JournalCode), text(&item.JournalLabel), &item.EntryNumber, text(&item.Label),
			&item.Debit, &item.Credit, text(&item.MatchingCode), date(&item.MatchingDate))
	}, `
select
    journal_code, journal_label, entry_number, label, debit, credit, matching_code, matching_date,
from read_parquet(`+duck.Text(file)+`)
where source_line = ? and account = ?
order by source_part
limit 1`, item.SourceLine, item.Account)
}

// currencyOf returns the currency in which an entity keeps its ledger.
func (v *View) currencyOf(entity string) string {
	e, _ := v.facts.entity(entity)
	return e.Currency
}
