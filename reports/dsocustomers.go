package reports

import (
	"context"
	"database/sql"
	"fmt"
)

// largestMovers is how many customers stand under a waterfall.
const largestMovers = 10

// DSOMover is a customer and the days by which it moved the simple DSO between
// the two dates of a bridge. Over all customers Mix is the effect mix of the
// bridge, and Mix and Own are the change, exactly.
type DSOMover struct {
	Entity, ID, Name string
	FromShare, Share Ratio // in the sales of a year
	Mix              Days  // its share changed
	Own              Days  // it pays later (above 0) or earlier
	Moved            Days  // Mix and Own
}

// AllCustomers is the ID of all customers of an entity in another currency than the
// group: only their sum is translated.
const AllCustomers = "*"

// readMovers adds to each bridge the customers that moved DSO most.
func (v *View) readMovers(ctx context.Context, made *KeyFigures) error {
	mart, condition, args := v.from("mart_dso_customers", "mart_group_dso_customers", false)
	member := "entity_id"
	if v.selection.Entity == "" {
		member = "counterparty_entity_id"
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var comparedWith string
		var m DSOMover
		err := rows.Scan(&comparedWith, &m.Entity, &m.ID, &m.Name, &m.FromShare, &m.Share, &m.Mix, &m.Own, &m.Moved)
		for i := range made.Bridges {
			if made.Bridges[i].ComparedWith == comparedWith {
				made.Bridges[i].Movers = append(made.Bridges[i].Movers, m)
			}
		}
		return err
	}, fmt.Sprintf(`
select
    compared_with, %s, counterparty_id, coalesce(counterparty_name, counterparty_id),
    from_share_ratio, share_ratio, mix_days, own_days, moved_days,
from %s
where %s and rank_no <= %d and (mix_days <> 0 or own_days <> 0)
order by compared_with, rank_no`, member, mart, condition, largestMovers), args...)
}

// moversReport has one row per date compared with and customer. Suppliers have no
// DSO: for them it has no row.
func (v *View) moversReport(AgeingFilter) (query, error) {
	mart, condition, args := v.from("mart_dso_customers", "mart_group_dso_customers", false)
	if v.selection.Side == Supplier {
		condition += " and false"
	}
	return query{
		selects: fmt.Sprintf("select *\nfrom %s\nwhere %s", mart, condition),
		order:   "listed.entity_id, listed.compared_with, listed.rank_no", args: args,
	}, nil
}

// factoredDocumentsReport has one row per line of the lists of sold documents.
// They are customers': for suppliers it has no row.
func (v *View) factoredDocumentsReport(AgeingFilter) (query, error) {
	condition, args := v.entityScope()
	if v.selection.Side == Supplier {
		condition += " and false"
	}
	return query{
		selects: "select *\nfrom mart_factored_documents\nwhere " + condition,
		order:   "listed.entity_id, listed.source_file, listed.source_line", args: args,
	}, nil
}
