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

// listing is the head of a query that lists the counterparties of a selection,
// or groups of them, with their open amounts. It defines
//
//	counterparties  one row per counterparty or group that has an open item
//	matching        those of them that the filter keeps
//	balances        rows of the ageing, those of no counterparty of matching too
//
// Where the rows are groups, counterparty_id and counterparty_name are theirs.
// For the group, intercompany counterparties stand in neither of the first two.
type listing struct {
	with  string
	order string // a total order of matching
	args  []any

	isFiltered bool // matching may be less than counterparties
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
	filter = filter.normal()
	order, ok := sortOrders[filter.Sort]
	if !ok {
		return listing{}, fmt.Errorf("sort by %q: %w", filter.Sort, ErrBadSelection)
	}
	if err := filter.check(v.facts); err != nil {
		return listing{}, err
	}
	within := v.scope()
	outside := ""
	if v.selection.Entity == "" {
		outside = " and not is_intercompany"
	}
	conditions, args := filter.conditions()
	own := listing{
		order: order, args: append(within.args, args...),
		isFiltered: len(args) > 0 || filter.OnlyOverdue,
	}
	if filter.GroupBy == ByCounterparty {
		own.with = fmt.Sprintf(listingSQL, within.condition, outside, ageingMart(filter.By), within.condition, conditions)
		return own, nil
	}
	grouping := groupings[filter.GroupBy]
	own.with = fmt.Sprintf(groupedListingSQL, grouping.attributes(filter.Language), within.condition, outside, grouping.entity,
		ageingMart(filter.By), conditions)
	return own, nil
}

// conditions returns what a filter asks of a row of counterparties.
func (f AgeingFilter) conditions() (string, []any) {
	conditions, args := []string{"true"}, []any{}
	if f.Search != "" {
		conditions = append(conditions, searchSQL)
		args = append(args, sql.Named("search", f.Search))
	}
	if f.Bucket != "" {
		conditions = append(conditions, bucketSQL)
		args = append(args, sql.Named("bucket", f.Bucket))
	}
	if f.OnlyOverdue {
		conditions = append(conditions, "overdue_amount > 0")
	}
	if f.Within != "" {
		conditions = append(conditions, groupings[f.Within].condition())
		args = append(args, sql.Named("value", f.Value))
	}
	return strings.Join(conditions, " and "), args
}

// searchSQL looks for a part of a code or a name, without regard to case and accents.
const searchSQL = "contains(search_text, lower(strip_accents($search)))"

const bucketSQL = `exists (
        select 1 from balances
        where
            balances.entity_id = counterparties.entity_id
            and balances.counterparty_id = counterparties.counterparty_id
            and balances.ageing_bucket = $bucket
    )`

const listingSQL = `
with
counterparties as (
    select
        *,
        1 as counterparty_count,
    from mart_counterparty_balances
    where %s%s
),
balances as (
    select * from %s
    where %s
),
matching as (
    select * from counterparties
    where %s
)`

// day writes a date for a query.
func day(t time.Time) string { return t.Format(time.DateOnly) }
