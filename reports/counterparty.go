package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// itemLimit is how many items a counterparty's page lists; the export
// "open-items" holds all that are open.
const itemLimit = 200

// Counterparty returns a customer or supplier with its items: the open ones by
// due date, then the latest settled. The entity must be one that the selection
// covers, or the selection's own. It returns ErrNotFound where there is none.
func (v *View) Counterparty(ctx context.Context, entity, side, id string) (*Counterparty, error) {
	detail := fmt.Sprintf("%q", []string{entity, side, id})
	return figure(ctx, v, "counterparty", detail, func() (*Counterparty, error) {
		c := &counterparty{Counterparty: Counterparty{
			Entity: entity, Side: side, ID: id, Buckets: v.emptyBuckets(ByDueDate), ItemLimit: itemLimit,
		}}
		steps := []func(context.Context, *counterparty) error{
			v.readIdentity, v.readAccounts, v.readOwnBuckets, v.readOwnMonths, v.readItems,
		}
		for _, step := range steps {
			if err := step(ctx, c); err != nil {
				return nil, err
			}
		}
		return &c.Counterparty, nil
	})
}

// counterparty is a Counterparty on its way.
type counterparty struct {
	Counterparty
	accounts []int64 // account_key of its accounts
}

func (c *counterparty) args() []any {
	return []any{sql.Named("entity", c.Entity), sql.Named("side", c.Side), sql.Named("id", c.ID)}
}

// isCounterparty keeps a relation with entity_id, side and counterparty_id to one.
const isCounterparty = "entity_id = $entity and side = $side and counterparty_id = $id"

func (v *View) readIdentity(ctx context.Context, c *counterparty) error {
	found := false
	err := v.session.Query(ctx, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(&c.Name, text(&c.Siren), text(&c.PaymentTerms), &c.IsIntercompany)
	}, `
select counterparty_name, siren, payment_terms, is_intercompany
from dim_counterparties
where `+isCounterparty, c.args()...)
	if err == nil && !found {
		err = fmt.Errorf("find %s %q of %q: %w", c.Side, c.ID, c.Entity, ErrNotFound)
	}
	return err
}

func (v *View) readAccounts(ctx context.Context, c *counterparty) error {
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var account int64
		err := rows.Scan(&account)
		c.accounts = append(c.accounts, account)
		return err
	}, `select account_key from int_accounts where `+isCounterparty+` order by account_key`, c.args()...)
}

func (v *View) readOwnBuckets(ctx context.Context, c *counterparty) error {
	with, err := v.narrowed(ctx, "mart_ageing", accountLeaves(c.accounts))
	if err != nil {
		return err
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var b Bucket
		if err := rows.Scan(&b.Order, &b.Open, &b.Debit, &b.Credit, &b.Items); err != nil {
			return err
		}
		if err := fill(c.Buckets, b); err != nil {
			return err
		}
		c.Open += b.Open
		c.Credits += b.Credit
		if isOverdue(c.Buckets, b.Order) {
			c.Overdue += b.Debit
		}
		return nil
	}, with+`
select bucket_order, open_amount, debit_amount, credit_amount, item_count
from mart_ageing
where `+isCounterparty+`
order by bucket_order`, c.args()...)
}

func isOverdue(all []Bucket, order int) bool {
	return slices.ContainsFunc(all, func(b Bucket) bool { return b.Order == order && b.IsOverdue })
}

// readOwnMonths reads the month ends below the ageing history: the history of the
// marts is by entity, its source by account.
func (v *View) readOwnMonths(ctx context.Context, c *counterparty) error {
	with, err := v.narrowed(ctx, "int_month_balances", accountLeaves(c.accounts))
	if err != nil {
		return err
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var b BucketMonth
		err := rows.Scan(&b.Date, &b.Bucket, &b.Order, &b.Open)
		c.Months = append(c.Months, b)
		return err
	}, with+fmt.Sprintf(`
select
    int_month_balances.month_end_date,
    ref_ageing_buckets.ageing_bucket,
    ref_ageing_buckets.bucket_order,
    cast(sum(int_month_balances.open_amount) as decimal(18, 2)) as open_amount,
from int_month_balances
inner join ref_ageing_buckets
    on ref_ageing_buckets.bucket_order = int_month_balances.bucket_order
where
    int_month_balances.account_key in (%s)
    and int_month_balances.month_no < %d
group by all
order by int_month_balances.month_end_date, ref_ageing_buckets.bucket_order`,
		keyList(c.accounts), historyMonths))
}

func (v *View) readItems(ctx context.Context, c *counterparty) error {
	with, err := v.narrowed(ctx, "fct_items", accountLeaves(c.accounts))
	if err != nil {
		return err
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var row ItemRow
		err := row.scan(rows, &c.ItemCount, &c.OpenCount)
		c.Items = append(c.Items, row)
		return err
	}, with+fmt.Sprintf(`
select %s,
    count(*) over () as item_count,
    count(*) filter (where open_amount <> 0) over () as open_count,
from fct_items
where %s
order by
    open_amount = 0,
    case when open_amount <> 0 then due_date end nulls last,
    settled_date desc nulls last,
    item_id
limit %d`, itemColumns, isCounterparty, itemLimit), c.args()...)
}

// itemColumns are the columns that ItemRow.scan reads.
const itemColumns = `
    entity_id, item_id, item_type, document_ref, account, issue_date, due_date, due_date_source,
    ageing_bucket, amount, open_amount, overdue_days, settled_date, is_estimated,
    source_file, source_line`

// scan reads itemColumns and what the query adds to them.
func (r *ItemRow) scan(rows *sql.Rows, more ...any) error {
	return rows.Scan(append([]any{
		&r.Entity, &r.ItemID, &r.Type, text(&r.DocumentRef), &r.Account, date(&r.IssueDate), date(&r.DueDate),
		&r.DueDateSource, text(&r.Bucket), &r.Amount, &r.Open, number(&r.OverdueDays), date(&r.SettledDate),
		&r.IsEstimated, text(&r.SourceFile), number(&r.SourceLine),
	}, more...)...)
}
