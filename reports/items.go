package reports

import "fmt"

// itemDefinitions are the reports with a row per item, whatever is open of it.
func itemDefinitions() []definition {
	return []definition{{
		Definition: Definition{
			Name: "items", TitleEN: "All items, open and settled", TitleFR: "Tous les postes, ouverts et soldés",
			Question: "Which documents and payments have there been, and when was each settled?",
		},
		query: (*View).itemsReport, isListing: true,
	}}
}

// itemsReport has one row per item that exists at the date. For the group,
// intercompany items are left out.
func (v *View) itemsReport(AgeingFilter) (query, error) {
	within := v.scope()
	condition := within.condition
	if v.selection.Entity == "" {
		condition += " and not is_intercompany"
	}
	return query{
		selects: fmt.Sprintf(itemsSQL, condition),
		order:   "listed.entity_id, listed.counterparty_id, listed.item_id",
		args:    within.args, totals: []string{"amount", "open_amount"},
	}, nil
}

const itemsSQL = `
with
names as (
    select
        entity_id,
        side,
        counterparty_id,
        counterparty_name,
    from dim_counterparties
),
items as (
    select * from fct_items
    where %s
)
select
    items.entity_id,
    items.side,
    items.counterparty_id,
    names.counterparty_name,
    items.item_id,
    items.document_ref,
    items.item_type,
    items.origin_item_id,
    items.account,
    items.is_aged,
    items.entry_date,
    items.issue_date,
    items.due_date,
    items.due_date_source,
    items.amount,
    items.open_amount,
    items.settled_date,
    items.overdue_days,
    items.ageing_bucket,
    items.is_disputed,
    items.currency,
    items.currency_amount,
    items.is_intercompany,
    items.is_estimated,
    items.batch_id,
    items.source_file,
    items.source_line,
from items
inner join names
    on names.entity_id = items.entity_id
    and names.side = items.side
    and names.counterparty_id = items.counterparty_id`
