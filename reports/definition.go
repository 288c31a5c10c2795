package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/encours/encours/reports/icsfile"
	"github.com/encours/encours/reports/pdffile"
	"github.com/encours/encours/warehouse/duck"
)

// Definition describes a report that can be taken away.
type Definition struct {
	Name     string
	TitleEN  string
	TitleFR  string
	Question string
}

// Definitions lists the reports that can be taken away, in the order in which
// they are offered.
func Definitions() []Definition {
	var list []Definition
	for _, d := range definitions() {
		list = append(list, d.Definition)
	}
	return list
}

// definition is a report with the query that gives its rows.
type definition struct {
	Definition
	query      func(*View, AgeingFilter) (query, error)
	isFiltered bool // it takes an AgeingFilter
	isSorted   bool // it takes its order too
	isListing  bool // for the group, intercompany counterparties are left out
	isTerms    bool // it takes a TermsFilter and is about both sides
	isRisk     bool // it takes a RiskFilter
	isBanded   bool // it takes its band too

	// leftOut is the amount between entities of the group that its figures leave out;
	// nil: that of the ageing, where it is a listing
	leftOut func(*View, context.Context) (Amount, error)

	draw    drawing // nil: no sheets besides the rows
	isOfOne bool    // it is about the counterparty that the filter names
	isChase bool    // it takes a ChaseFilter
	isAlert bool    // it takes an AlertFilter

	calendar func(*View, context.Context, query, AgeingFilter) (icsfile.Calendar, error) // nil: no iCalendar

	document func(*View, context.Context, query, AgeingFilter) (pdffile.Document, error) // nil: no PDF
}

// keep returns the part of a filter that the report takes.
func (d definition) keep(filter AgeingFilter) AgeingFilter {
	terms, risk := filter.Terms, filter.Risk
	if d.isOfOne {
		return AgeingFilter{Counterparty: filter.Counterparty, Language: filter.Language}
	}
	if d.isChase {
		return AgeingFilter{Search: filter.Search, Chase: filter.Chase, Language: filter.Language}
	}
	if d.isAlert {
		return AgeingFilter{Alert: AlertFilter{Rule: filter.Alert.Rule, Severity: filter.Alert.Severity}, Language: filter.Language}
	}
	if !d.isFiltered {
		filter = AgeingFilter{Language: filter.Language}
	}
	filter.Counterparty = ""
	filter = filter.normal()
	if !d.isSorted {
		filter.Sort, filter.GroupBy = "", ByCounterparty
	}
	if filter.Terms = (TermsFilter{}); d.isTerms {
		filter.Terms = terms
	}
	if filter.Risk = (RiskFilter{}); d.isRisk {
		filter.Risk = risk
	}
	if !d.isBanded {
		filter.Risk.Band = ""
	}
	return filter
}

// query gives the rows of a report. order is total and names the columns of the
// select as listed.<column>; totals are the columns that can be added up.
type query struct {
	selects string
	order   string
	args    []any
	totals  []string
}

func definitions() []definition {
	return slices.Concat(
		standardDefinitions(),
		itemDefinitions(),
		ageingViewDefinitions(),
		creditLossDefinitions(),
		lateInterestDefinitions(),
		cashForecastDefinitions(),
		keyFigureDefinitions(),
		paymentTermsDefinitions(),
		disputeDefinitions(),
		riskDefinitions(),
		segmentDefinitions(),
		identityDefinitions(),
		chaseDefinitions(),
		alertDefinitions(),
		legalDefinitions(),
		externalDefinitions(),
		documentDefinitions(),
	)
}

func standardDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "ageing", TitleEN: "Ageing balance", TitleFR: "Balance âgée",
				Question: "Who owes what, and for how long?",
			},
			query: (*View).ageingReport, isFiltered: true, isSorted: true, isListing: true,
		},
		{
			Definition: Definition{
				Name: "open-items", TitleEN: "Open items", TitleFR: "Postes ouverts",
				Question: "Which documents and payments are open, and how late is each?",
			},
			query: (*View).openItemsReport, isFiltered: true, isListing: true,
		},
		{
			Definition: Definition{
				Name: "kpis", TitleEN: "Monthly key figures", TitleFR: "Indicateurs mensuels",
				Question: "How much is owed, how late, and how fast is it paid, month after month?",
			},
			query: (*View).kpisReport,
		},
		{
			Definition: Definition{
				Name: "reconciliation", TitleEN: "Reconciliation with the ledger", TitleFR: "Rapprochement avec la comptabilité",
				Question: "Do the items add up to the ledger, to the cent?",
			},
			query: (*View).reconciliationReport,
		},
		{
			Definition: Definition{
				Name: "data-quality", TitleEN: "Data quality", TitleFR: "Qualité des données",
				Question: "What is wrong with the extracts, and how much money does it touch?",
			},
			query: (*View).qualityReport,
		},
	}
}

func definitionOf(name string) (definition, error) {
	all := definitions()
	i := slices.IndexFunc(all, func(d definition) bool { return d.Name == name })
	if i < 0 {
		return definition{}, fmt.Errorf("open report %q: %w", name, ErrUnknownReport)
	}
	return all[i], nil
}

// ageingReport has one row per counterparty or group of them and a column per bucket.
func (v *View) ageingReport(filter AgeingFilter) (query, error) {
	filter = filter.normal()
	list, err := v.listing(filter)
	if err != nil {
		return query{}, err
	}
	totals := []string{"open_amount", "overdue_amount", "credit_amount", "item_count"}
	var cells, sums []string
	for i, cell := range v.bucketCells(filter.By) {
		name := bucketColumn(v.facts.buckets[filter.By][i])
		sums = append(sums, cell+" as "+name)
		cells = append(cells, fmt.Sprintf("cells.%s", name))
		totals = append(totals, name)
	}
	head, order := counterpartyColumns, list.order
	if filter.GroupBy != ByCounterparty {
		head, order = groupedColumns(filter.GroupBy, v.selection.Entity, list.order)
		totals = append(totals, "counterparty_count")
	}
	return query{
		selects: fmt.Sprintf(ageingReportSQL, list.with, fmt.Sprintf(head, v.selection.Side),
			strings.Join(cells, ",\n    "), strings.Join(sums, ",\n        ")),
		order: order, args: list.args, totals: totals,
	}, nil
}

// bucketCells are one amount per bucket of a group of rows of balances, 0 where
// there is none.
func (v *View) bucketCells(by string) []string {
	var cells []string
	for _, b := range v.facts.buckets[by] {
		cells = append(cells, fmt.Sprintf(
			"cast(coalesce(sum(balances.open_amount) filter (where balances.bucket_order = %d), 0) as decimal(18, 2))", b.Order))
	}
	return cells
}

// bucketColumn names the column of a bucket: 1-30 → "amount_1_30", 181+ → "amount_181_plus".
func bucketColumn(b Bucket) string {
	name := strings.ReplaceAll(b.Name, "+", "_plus")
	return "amount_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(name))
}

const counterpartyColumns = `matching.entity_id,
    '%[1]s' as side,
    matching.counterparty_id,
    matching.counterparty_name,
    matching.is_intercompany`

// groupedColumns are the first columns of the ageing by an attribute, with the order
// in their names. A value that spans entities stands under the entity that was asked
// for, or under the group.
func groupedColumns(attribute, entity, order string) (columns, ordered string) {
	if attribute == "group" {
		return `matching.entity_id,
    '%[1]s' as side,
    matching.counterparty_id as group_id,
    matching.counterparty_name as group_name,
    matching.counterparty_count`, strings.NewReplacer("counterparty_id", "group_id", "counterparty_name", "group_name").Replace(order)
	}
	if entity == "" {
		entity = groupName
	}
	return duck.Text(entity) + ` as entity_id,
    '%[1]s' as side,
    matching.counterparty_id as ` + attribute + `,
    matching.counterparty_count`, strings.NewReplacer("counterparty_id", attribute, "counterparty_name", attribute).Replace(order)
}

// itemBucketSQL keeps the items of a bucket, by due date or by invoice date.
var itemBucketSQL = map[string]string{
	ByDueDate: "items.ageing_bucket = $bucket",
	ByIssueDate: `(items.entity_id, items.item_id) in (
    select (int_accounts.entity_id, int_open_item_ages.item_key % 1000000000000000)
    from int_open_item_ages
    inner join int_accounts on int_accounts.account_key = int_open_item_ages.account_key
    where int_open_item_ages.ageing_bucket = $bucket
)`,
}

const ageingReportSQL = `%[1]s,
cells as (
    select
        balances.entity_id,
        balances.counterparty_id,
        %[4]s,
    from balances
    group by balances.entity_id, balances.counterparty_id
),
whole as (
    select sum(open_amount) as open_amount from counterparties
)
select
    %[2]s,
    %[3]s,
    matching.open_amount,
    matching.overdue_amount,
    matching.credit_amount,
    matching.oldest_overdue_days,
    matching.item_count,
    cast(case when whole.open_amount > 0 then matching.open_amount / whole.open_amount end
        as decimal(12, 6)) as open_ratio,
from matching
inner join cells
    on cells.entity_id = matching.entity_id
    and cells.counterparty_id = matching.counterparty_id
cross join whole`

// openItemsReport has one row per open item of the counterparties that the search
// keeps; the filters by bucket and overdue keep items, not counterparties.
func (v *View) openItemsReport(filter AgeingFilter) (query, error) {
	filter = filter.normal()
	if err := filter.check(v.facts); err != nil {
		return query{}, err
	}
	within := v.scope()
	names, conditions, args := within.condition, []string{"items.is_aged", "items.open_amount <> 0"}, within.args
	if v.selection.Entity == "" {
		conditions = append(conditions, "not items.is_intercompany")
	}
	if filter.Search != "" {
		names += " and " + searchSQL
		args = append(args, sql.Named("search", filter.Search))
	}
	if filter.Bucket != "" {
		conditions = append(conditions, itemBucketSQL[filter.By])
		args = append(args, sql.Named("bucket", filter.Bucket))
	}
	if filter.Within != "" {
		names += " and " + groupings[filter.Within].condition()
		args = append(args, sql.Named("value", filter.Value))
	}
	if filter.OnlyOverdue {
		conditions = append(conditions,
			"items.open_amount > 0 and items.ageing_bucket in (select ageing_bucket from ref_ageing_buckets where is_overdue)")
	}
	return query{
		selects: fmt.Sprintf(openItemsSQL, names, within.condition, strings.Join(conditions, " and ")),
		order:   "listed.entity_id, listed.counterparty_id, listed.item_id",
		args:    args, totals: []string{"open_amount"},
	}, nil
}

const openItemsSQL = `
with
names as (
    select entity_id, side, counterparty_id, counterparty_name
    from mart_counterparty_balances
    where %s
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
    items.account,
    items.entry_date,
    items.issue_date,
    items.due_date,
    items.due_date_source,
    items.amount,
    items.open_amount,
    items.overdue_days,
    items.ageing_bucket,
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
    and names.counterparty_id = items.counterparty_id
where %s`

// kpisReport has one row per month end: of receivables, and for suppliers of
// payables.
func (v *View) kpisReport(AgeingFilter) (query, error) {
	const order = "listed.entity_id, listed.month_end_date"
	if v.selection.Side == Customer {
		mart, condition, args := v.from("mart_kpis_monthly", "mart_group_kpis_monthly", false)
		return query{selects: fmt.Sprintf(kpisSQL, mart, condition), order: order, args: args}, nil
	}
	mart, condition, args := v.from("mart_payables_kpis_monthly", "mart_group_payables_kpis_monthly", false)
	return query{selects: fmt.Sprintf(supplierKpisSQL, mart, condition), order: order, args: args}, nil
}

const kpisSQL = `
select
    entity_id,
    month_end_date,
    sales_amount,
    sales_excl_tax_amount,
    receivable_amount,
    dso_receivable_amount,
    overdue_amount,
    unallocated_credit_amount,
    doubtful_amount,
    disputed_amount,
    factored_amount,
    unfactored_receivable_amount,
    lettering_coverage_ratio,
    overdue_ratio,
    dso_simple_days,
    dso_countback_days,
    is_countback_floor,
    unfactored_dso_simple_days,
    unfactored_dso_countback_days,
    best_possible_dso_days,
    average_days_delinquent,
    days_to_pay,
    days_late,
    cei_ratio,
    dispute_ratio,
    turnover_ratio,
    turnover_days,
    top10_ratio,
    herfindahl_index,
    effective_counterparty_count,
    counterparty_count,
from %s
where %s`

const supplierKpisSQL = `
select
    entity_id,
    month_end_date,
    purchases_amount,
    payable_amount,
    overdue_amount,
    unallocated_credit_amount,
    lettering_coverage_ratio,
    overdue_ratio,
    dpo_simple_days,
    dpo_countback_days,
    is_countback_floor,
    best_possible_dpo_days,
    average_days_delinquent,
    days_to_pay,
    days_late,
    turnover_ratio,
    turnover_days,
    top10_ratio,
    herfindahl_index,
    effective_counterparty_count,
    counterparty_count,
from %s
where %s`

// reconciliationReport has one row per entity and account family that the proof
// of the selection compares.
func (v *View) reconciliationReport(AgeingFilter) (query, error) {
	within := v.scope()
	relation, entity := v.reconciled()
	if relation != "mart_reconciliation" { // every entity of the group
		within = scope{"side = $side", []any{sql.Named("side", v.selection.Side)}}
	}
	return query{
		selects: `
select
    ` + entity + ` as entity_id,
    side,
    account_family,
    is_aged,
    ledger_amount,
    items_amount,
    buckets_amount,
    difference_amount,
from ` + relation + `
where ` + within.condition,
		order:  "listed.entity_id, listed.side, listed.account_family",
		args:   within.args,
		totals: []string{"ledger_amount", "items_amount", "buckets_amount", "difference_amount"},
	}, nil
}
