package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Sizes of a page of the ageing list.
const (
	defaultPageSize = 50
	largestPageSize = 200
)

// Sections of the answer to ageingSQL.
const (
	sectionFilter = iota // of the filter: its count and its oldest item
	sectionBucket        // a bucket of the filter
	sectionRow           // a bucket of a counterparty of the page
)

// Ageing returns a page of the ageing balance, one row per counterparty or group of
// them, with the totals of the filter. Overdue amounts are gross and by due date,
// whatever the buckets count from; credits stand beside them. For the group
// intercompany counterparties are left out. A page past the last one has no rows. It
// returns ErrBadSelection for a bucket, an order or a grouping it does not know.
func (v *View) Ageing(ctx context.Context, filter AgeingFilter) (*Ageing, error) {
	filter.Page = max(filter.Page, 1)
	if filter.PageSize <= 0 {
		filter.PageSize = defaultPageSize
	}
	filter.PageSize = min(filter.PageSize, largestPageSize)
	if filter.Sort == "" {
		filter.Sort = "overdue"
	}
	filter = filter.normal()
	return figure(ctx, v, "ageing", fmt.Sprintf("%#v", filter), func() (*Ageing, error) {
		return v.ageing(ctx, filter)
	})
}

func (v *View) ageing(ctx context.Context, filter AgeingFilter) (*Ageing, error) {
	list, err := v.listing(filter)
	if err != nil {
		return nil, err
	}
	whole, err := v.buckets(ctx, filter.By)
	if err != nil {
		return nil, err
	}
	made := &Ageing{Buckets: v.emptyBuckets(filter.By), Page: filter.Page}
	made.Total.Cells = make([]Amount, len(made.Buckets))
	ranked, counted, sums := "matching", "ranked", ageingBucketsSQL
	if !list.isFiltered { // the sums are known: no more has to be ranked than is shown
		ranked, counted, sums = fmt.Sprintf("(select * from matching as listed order by %s limit $last)", list.order), "matching", ""
		copy(made.Buckets, whole.all)
	}
	args := append(list.args, sql.Named("skip", (filter.Page-1)*filter.PageSize), sql.Named("last", filter.Page*filter.PageSize))
	err = v.session.Query(ctx, made.add, fmt.Sprintf(ageingSQL, list.with, ranked, list.order, counted, sums), args...)
	if err != nil {
		return nil, err
	}
	if made.WithinName, err = v.withinName(ctx, filter); err != nil {
		return nil, err
	}
	made.addTotals()
	made.Pages = int((made.Count + int64(filter.PageSize) - 1) / int64(filter.PageSize))
	var open Amount
	for _, b := range whole.all {
		open += b.Open
	}
	made.Total.Share = share(made.Total.Open, open)
	for i := range made.Rows {
		made.Rows[i].Share = share(made.Rows[i].Open, open)
	}
	return made, nil
}

// withinName names the value of the attribute that a filter asks for.
func (v *View) withinName(ctx context.Context, filter AgeingFilter) (name string, err error) {
	if filter.Within == "" || filter.Value == "" {
		return "", nil
	}
	err = v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&name) },
		"select min(attribute_name) from ("+groupings[filter.Within].attributes(filter.Language)+
			"\n) where attribute_id = $value having count(*) > 0",
		sql.Named("side", v.selection.Side), sql.Named("value", filter.Value))
	return name, err
}

// add takes one row of the answer to ageingSQL in. The buckets of a counterparty
// follow one another.
func (a *Ageing) add(rows *sql.Rows) error {
	var section, position int
	var bucket Bucket
	var row AgeingRow
	err := rows.Scan(&section, &bucket.Order, &row.Entity, &row.ID, &row.Name, &row.IsIntercompany,
		&row.Counterparties, &row.Open, &row.Overdue, &row.Credits, &row.OldestDays, &bucket.Open, &bucket.Debit, &bucket.Credit, &bucket.Items, &position)
	switch {
	case err != nil:
		return err
	case section == sectionFilter:
		a.Count, a.Total.OldestDays, a.Total.Overdue = bucket.Items, row.OldestDays, row.Overdue
		a.Total.Counterparties = row.Counterparties
		return nil
	case section == sectionBucket:
		return fill(a.Buckets, bucket)
	}
	if n := len(a.Rows); n == 0 || a.Rows[n-1].Entity != row.Entity || a.Rows[n-1].ID != row.ID {
		row.Cells = make([]Amount, len(a.Buckets))
		a.Rows = append(a.Rows, row)
	}
	i := slices.IndexFunc(a.Buckets, func(b Bucket) bool { return b.Order == bucket.Order })
	if i < 0 {
		return fmt.Errorf("bucket %d is not in the reference table", bucket.Order)
	}
	a.Rows[len(a.Rows)-1].Cells[i] = bucket.Open
	return nil
}

// addTotals sums the buckets; what is overdue and how old comes with the filter.
func (a *Ageing) addTotals() {
	for i, b := range a.Buckets {
		a.Total.Cells[i] = b.Open
		a.Total.Open += b.Open
		a.Total.Credits += b.Credit
	}
}

// emptyBuckets returns the buckets in their order, without amounts.
func (v *View) emptyBuckets(by string) []Bucket {
	return append([]Bucket(nil), v.facts.buckets[by]...)
}

const ageingSQL = `%[1]s,
ranked as materialized (
    select
        *,
        row_number() over (order by %[3]s) as position,
    from %[2]s as listed
),
cells as materialized (
    select
        ranked.*,
        balances.bucket_order,
        balances.open_amount as cell_open_amount,
        balances.debit_amount as cell_debit_amount,
        balances.credit_amount as cell_credit_amount,
        balances.item_count as cell_item_count,
    from ranked
    inner join balances
        on balances.entity_id = ranked.entity_id
        and balances.counterparty_id = ranked.counterparty_id
)
select
    2 as section, bucket_order, entity_id, counterparty_id, counterparty_name, is_intercompany,
    counterparty_count, open_amount, overdue_amount, credit_amount, oldest_overdue_days,
    cell_open_amount, cell_debit_amount, cell_credit_amount, cell_item_count, position,
from cells
where position > $skip and position <= $last
union all
select
    0, 0, '', '', '', false, cast(coalesce(sum(counterparty_count), 0) as bigint), 0,
    cast(coalesce(sum(overdue_amount), 0) as decimal(18, 2)), 0, coalesce(max(oldest_overdue_days), 0),
    0, 0, 0, count(*), 0,
from %[4]s%[5]s
order by section, position, bucket_order`

// ageingBucketsSQL is the section of the buckets of a filter.
const ageingBucketsSQL = `
union all
select
    1, bucket_order, '', '', '', false, 0, 0, 0, 0, 0,
    sum(cell_open_amount), sum(cell_debit_amount), sum(cell_credit_amount), cast(sum(cell_item_count) as bigint), 0,
from cells
group by bucket_order`
