package reports

import "fmt"

// cashForecastDefinitions are the reports of the cash forecast.
func cashForecastDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "cash-forecast", TitleEN: "Cash forecast", TitleFR: "Prévision d’encaissements",
				Question: "How much money is expected in each of the next thirteen weeks?",
			},
			query: (*View).cashForecastReport,
		},
		{
			Definition: Definition{
				Name: "cash-forecast-items", TitleEN: "Cash forecast, items", TitleFR: "Prévision d’encaissements, postes",
				Question: "When is each open item expected to be paid, and why then?",
			},
			query: (*View).cashItemsReport,
		},
		{
			Definition: Definition{
				Name: "cash-forecast-accuracy", TitleEN: "Cash forecast, track record", TitleFR: "Prévision d’encaissements, fiabilité",
				Question: "How good would the cash forecast of past month ends have been?",
			},
			query: (*View).cashAccuracyReport,
		},
	}
}

// cashForecastReport has one row per week, then what comes later and what is not
// expected.
func (v *View) cashForecastReport(AgeingFilter) (query, error) {
	mart, condition, args := v.from("mart_cash_forecast", "mart_group_cash_forecast", true)
	return query{
		selects: `
select
    entity_id,
    side,
    period_no,
    period,
    week_start_date,
    week_end_date,
    is_partial,
    low_amount,
    mid_amount,
    high_amount,
    item_amount,
    credit_amount,
    item_count,
from ` + mart + `
where ` + condition,
		order: "listed.entity_id, listed.side, listed.period_no", args: args,
		totals: []string{"low_amount", "mid_amount", "high_amount", "item_amount", "credit_amount", "item_count"},
	}, nil
}

// cashItemsReport has one row per open item, or part of one that is promised.
func (v *View) cashItemsReport(AgeingFilter) (query, error) { return v.cashItemsQuery("true") }

func (v *View) cashItemsQuery(condition string) (query, error) {
	within := v.scope()
	items := condition
	if v.selection.Entity == "" {
		items += " and not mart_cash_forecast_items.is_intercompany"
	}
	return query{
		selects: fmt.Sprintf(cashItemsSQL, within.condition, within.condition, within.condition, items),
		order:   "listed.entity_id, listed.counterparty_id, listed.item_id, listed.part_no",
		args:    within.args, totals: []string{"open_amount"},
	}, nil
}

const cashItemsSQL = `
with
names as (
    select entity_id, side, counterparty_id, counterparty_name
    from mart_counterparty_balances
    where %s
),
documents as (
    select entity_id, item_id, document_ref, item_type
    from fct_items
    where %s and is_aged and open_amount <> 0
),
forecast as (
    select * from mart_cash_forecast_items
    where %s and %s
)
select
    forecast.entity_id,
    forecast.side,
    forecast.counterparty_id,
    names.counterparty_name,
    forecast.item_id,
    forecast.part_no,
    documents.document_ref,
    documents.item_type,
    forecast.due_date,
    forecast.early_date,
    forecast.expected_date,
    forecast.late_date,
    forecast.period_no,
    forecast.forecast_basis,
    forecast.open_amount,
from forecast
inner join names
    on names.entity_id = forecast.entity_id
    and names.side = forecast.side
    and names.counterparty_id = forecast.counterparty_id
inner join documents
    on documents.entity_id = forecast.entity_id
    and documents.item_id = forecast.item_id`

// cashAccuracyReport has one row per past month end and horizon.
func (v *View) cashAccuracyReport(AgeingFilter) (query, error) {
	mart, condition, args := v.from("mart_cash_forecast_accuracy", "mart_group_cash_forecast_accuracy", true)
	return query{
		selects: `
select
    entity_id,
    side,
    forecast_date,
    horizon_weeks,
    horizon_date,
    open_amount,
    low_amount,
    mid_amount,
    high_amount,
    naive_amount,
    actual_amount,
    later_amount,
    error_amount,
    error_ratio,
    naive_error_amount,
    naive_error_ratio,
    is_within,
from ` + mart + `
where ` + condition,
		order: "listed.entity_id, listed.side, listed.horizon_weeks, listed.forecast_date", args: args,
	}, nil
}
