package reports

import (
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// scope is the condition by which a query keeps to the selection, for relations
// with entity_id and side, and the values that it binds.
type scope struct {
	condition string
	args      []any
}

// groupEntities are the entities whose figures may be added up.
const groupEntities = `select project_entities.entity_id
        from project_entities
        inner join params on params.currency = project_entities.currency`

func (v *View) scope() scope {
	side := sql.Named("side", v.selection.Side)
	if v.selection.Entity == "" {
		return scope{"side = $side and entity_id in (\n        " + groupEntities + "\n    )", []any{side}}
	}
	return scope{"side = $side and entity_id = $entity", []any{side, sql.Named("entity", v.selection.Entity)}}
}

// listing is the head of a query that lists the counterparties of a selection
// with their open amounts. It defines
//
//	balances        rows of mart_ageing with is_overdue
//	counterparties  one row per counterparty that has an open item
//	matching        those of them that the filter keeps
//
// For the group, intercompany counterparties stand in none of them.
type listing struct {
	with  string
	order string // a total order of matching
	args  []any
}

// sortOrders are the orders of a list of counterparties, for a relation that the
// query calls listed. Each ends in the key, so that the order is total.
var sortOrders = map[string]string{
	"":        "listed.overdue_amount desc, listed.entity_id, listed.counterparty_id",
	"overdue": "listed.overdue_amount desc, listed.entity_id, listed.counterparty_id",
	"open":    "listed.open_amount desc, listed.entity_id, listed.counterparty_id",
	"name": "lower(strip_accents(listed.counterparty_name)), listed.counterparty_name, " +
		"listed.entity_id, listed.counterparty_id",
	"oldest": "listed.oldest_overdue_days desc, listed.entity_id, listed.counterparty_id",
}

func (v *View) listing(filter AgeingFilter) (listing, error) {
	order, ok := sortOrders[filter.Sort]
	if !ok {
		return listing{}, fmt.Errorf("sort by %q: %w", filter.Sort, ErrBadSelection)
	}
	if filter.Bucket != "" && !v.facts.bucket(filter.Bucket) {
		return listing{}, fmt.Errorf("filter by bucket %q: %w", filter.Bucket, ErrBadSelection)
	}
	within := v.scope()
	outside := ""
	if v.selection.Entity == "" {
		outside = " and not is_intercompany"
	}
	var cells []string
	for _, b := range v.facts.buckets {
		cells = append(cells, fmt.Sprintf(
			"cast(coalesce(sum(open_amount) filter (where bucket_order = %d), 0) as decimal(18, 2)) as bucket_%d",
			b.Order, b.Order))
	}
	conditions, args := filter.conditions()
	inBucket := "true"
	if filter.Bucket != "" {
		inBucket = "bool_or(ageing_bucket = $bucket)"
	}
	return listing{
		with: fmt.Sprintf(listingSQL, within.condition, outside, within.condition, inBucket,
			strings.Join(cells, ",\n        "), conditions),
		order: order,
		args:  append(within.args, args...),
	}, nil
}

// conditions returns what a filter asks of a row of counterparties.
func (f AgeingFilter) conditions() (string, []any) {
	conditions, args := []string{"true"}, []any{}
	if f.Search != "" {
		conditions = append(conditions, searchSQL)
		args = append(args, sql.Named("search", f.Search))
	}
	if f.Bucket != "" {
		conditions = append(conditions, "is_in_bucket")
		args = append(args, sql.Named("bucket", f.Bucket))
	}
	if f.OnlyOverdue {
		conditions = append(conditions, "overdue_amount > 0")
	}
	return strings.Join(conditions, " and "), args
}

// searchSQL looks for a part of a code or a name, without regard to case and accents.
const searchSQL = `(
        contains(lower(strip_accents(counterparty_id)), lower(strip_accents($search)))
        or contains(lower(strip_accents(counterparty_name)), lower(strip_accents($search)))
    )`

const listingSQL = `
with
names as (
    select
        entity_id,
        side,
        counterparty_id,
        counterparty_name,
        is_intercompany,
    from dim_counterparties
    where %s%s
),
open_balances as (
    select
        entity_id,
        side,
        counterparty_id,
        ageing_bucket,
        open_amount,
        debit_amount,
        credit_amount,
        item_count,
        oldest_overdue_days,
    from mart_ageing
    where %s
),
balances as materialized (
    select
        open_balances.*,
        ref_ageing_buckets.bucket_order,
        ref_ageing_buckets.is_overdue,
    from open_balances
    inner join ref_ageing_buckets
        on ref_ageing_buckets.ageing_bucket = open_balances.ageing_bucket
    -- for the group, intercompany counterparties have no name here
    semi join names
        on names.entity_id = open_balances.entity_id
        and names.counterparty_id = open_balances.counterparty_id
),
sums as (
    select
        entity_id,
        counterparty_id,
        cast(sum(open_amount) as decimal(18, 2)) as open_amount,
        cast(coalesce(sum(debit_amount) filter (where is_overdue), 0) as decimal(18, 2))
            as overdue_amount,
        cast(sum(credit_amount) as decimal(18, 2)) as credit_amount,
        cast(coalesce(max(oldest_overdue_days), 0) as bigint) as oldest_overdue_days,
        cast(sum(item_count) as bigint) as item_count,
        %s as is_in_bucket,
        %s,
    from balances
    group by entity_id, counterparty_id
),
counterparties as materialized (
    select
        sums.*,
        names.counterparty_name,
        names.is_intercompany,
    from sums
    inner join names
        on names.entity_id = sums.entity_id
        and names.counterparty_id = sums.counterparty_id
),
matching as materialized (
    select * from counterparties
    where %s
)`

// day writes a date for a query.
func day(t time.Time) string { return t.Format(time.DateOnly) }
