package reports

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Sizes of a page of the ageing list.
const (
	defaultPageSize = 50
	largestPageSize = 200
)

// Sections of the answer to ageingSQL.
const (
	sectionWhole  = iota // of the selection, unfiltered: its open amount
	sectionFilter        // of the filter: its count and its oldest item
	sectionBucket        // a bucket of the filter
	sectionRow           // a counterparty of the page
)

// Ageing returns a page of the ageing balance, one row per counterparty, with the
// totals of the filter. Overdue amounts are gross; credits stand beside them. For
// the group intercompany counterparties are left out. A page past the last one
// has no rows. It returns ErrBadSelection for a bucket or an order it does not know.
func (v *View) Ageing(ctx context.Context, filter AgeingFilter) (*Ageing, error) {
	filter.Page = max(filter.Page, 1)
	if filter.PageSize <= 0 {
		filter.PageSize = defaultPageSize
	}
	filter.PageSize = min(filter.PageSize, largestPageSize)
	if filter.Sort == "" {
		filter.Sort = "overdue"
	}
	return figure(ctx, v, "ageing", fmt.Sprintf("%#v", filter), func() (*Ageing, error) {
		return v.ageing(ctx, filter)
	})
}

func (v *View) ageing(ctx context.Context, filter AgeingFilter) (*Ageing, error) {
	list, err := v.listing(filter)
	if err != nil {
		return nil, err
	}
	made := &Ageing{Buckets: v.emptyBuckets(), Page: filter.Page}
	made.Total.Cells = make([]Amount, len(made.Buckets))
	whole := Amount(0)
	args := append(list.args, sql.Named("size", filter.PageSize), sql.Named("skip", (filter.Page-1)*filter.PageSize))
	sums := ageingBucketsSQL
	if !list.isFiltered { // those of the whole selection are known
		sums = ""
		whole, err := v.buckets(ctx)
		if err != nil {
			return nil, err
		}
		copy(made.Buckets, whole.all)
		made.addTotals()
	}
	query := fmt.Sprintf(ageingSQL, list.with, list.order, strings.Join(v.bucketCells(), ", "), sums)
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		return made.add(rows, &whole)
	}, query, args...)
	if err != nil {
		return nil, err
	}
	if list.isFiltered {
		made.addTotals()
	}
	made.Pages = int((made.Count + int64(filter.PageSize) - 1) / int64(filter.PageSize))
	made.Total.Share = share(made.Total.Open, whole)
	for i := range made.Rows {
		made.Rows[i].Share = share(made.Rows[i].Open, whole)
	}
	return made, nil
}

// add takes one row of the answer to ageingSQL in.
func (a *Ageing) add(rows *sql.Rows, whole *Amount) error {
	var section int
	var position, count int64
	var row AgeingRow
	err := rows.Scan(&section, &position, &row.Entity, &row.ID, &row.Name, &row.IsIntercompany,
		&row.Open, &row.Overdue, &row.Credits, &row.OldestDays, &count, amounts{&row.Cells})
	switch {
	case err != nil:
		return err
	case section == sectionWhole:
		*whole = row.Open
	case section == sectionFilter:
		a.Count, a.Total.OldestDays = count, row.OldestDays
	case section == sectionRow:
		a.Rows = append(a.Rows, row)
	}
	if section != sectionBucket {
		return nil
	}
	return fill(a.Buckets, Bucket{
		Order: int(position), Open: row.Open, Debit: row.Overdue, Credit: row.Credits, Items: count,
	})
}

// addTotals sums the buckets.
func (a *Ageing) addTotals() {
	for i, b := range a.Buckets {
		a.Total.Cells[i] = b.Open
		a.Total.Open += b.Open
		a.Total.Credits += b.Credit
		if b.IsOverdue {
			a.Total.Overdue += b.Debit
		}
	}
}

// emptyBuckets returns the buckets in their order, without amounts.
func (v *View) emptyBuckets() []Bucket { return append([]Bucket(nil), v.facts.buckets...) }

// bucketCells are one amount per bucket of a group of rows of balances, 0 where
// there is none.
func (v *View) bucketCells() []string {
	var cells []string
	for _, b := range v.facts.buckets {
		cells = append(cells, fmt.Sprintf(
			"cast(coalesce(sum(balances.open_amount) filter (where balances.bucket_order = %d), 0) as decimal(18, 2))", b.Order))
	}
	return cells
}

const ageingSQL = `%[1]s,
page as materialized (
    select
        *,
        row_number() over (order by %[2]s) as position,
    from matching as listed
    order by position
    limit $size offset $skip
),
cells as (
    select
        page.position,
        [%[3]s] as cells,
    from page
    inner join balances
        on balances.entity_id = page.entity_id
        and balances.counterparty_id = page.counterparty_id
    group by page.position
)
select
    0 as section, 0 as position,
    '' as entity_id, '' as counterparty_id, '' as counterparty_name, false as is_intercompany,
    cast(coalesce(sum(open_amount), 0) as decimal(18, 2)) as open_amount,
    cast(0 as decimal(18, 2)) as overdue_amount,
    cast(0 as decimal(18, 2)) as credit_amount,
    cast(0 as bigint) as oldest_overdue_days,
    count(*) as item_count,
    cast([] as decimal(18, 2)[]) as cells,
from counterparties
union all
select
    1, 0, '', '', '', false, 0, 0, 0, coalesce(max(oldest_overdue_days), 0), count(*), [],
from matching%[4]s
union all
select
    3, page.position, entity_id, counterparty_id, counterparty_name, is_intercompany,
    open_amount, overdue_amount, credit_amount, oldest_overdue_days, item_count, cells.cells,
from page
inner join cells on cells.position = page.position
order by section, position`

// ageingBucketsSQL is the section of the buckets of a filter.
const ageingBucketsSQL = `
union all
select
    2, bucket_order, '', '', '', false,
    sum(open_amount), sum(debit_amount), sum(credit_amount), 0, cast(sum(item_count) as bigint), [],
from balances
semi join matching
    on matching.entity_id = balances.entity_id
    and matching.counterparty_id = balances.counterparty_id
group by bucket_order`
