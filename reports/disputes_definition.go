package reports

import "database/sql"

// disputeDefinitions are the reports on what customers dispute, promise and deduct.
func disputeDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "disputes", TitleEN: "Disputes", TitleFR: "Litiges",
				Question: "Which invoices and amounts are disputed, why, and since when?",
			},
			query: (*View).disputesReport, leftOut: (*View).disputesLeftOut,
		},
		{
			Definition: Definition{
				Name: "dispute-summary", TitleEN: "Disputes by month and reason", TitleFR: "Litiges par mois et par motif",
				Question: "How many disputes come and go, how long do they take, and how old are the open ones?",
			},
			query: (*View).disputeSummaryReport,
		},
		{
			Definition: Definition{
				Name: "promises", TitleEN: "Promises to pay", TitleFR: "Promesses de règlement",
				Question: "Which promises to pay were kept, which were broken, and which are still open?",
			},
			query: (*View).promisesReport, leftOut: (*View).promisesLeftOut,
		},
		{
			Definition: Definition{
				Name: "promises-kept", TitleEN: "Promises kept by customer and month", TitleFR: "Promesses tenues par client et par mois",
				Question: "How reliable are the promises of a customer?",
			},
			query: (*View).promisesKeptReport, leftOut: (*View).promisesLeftOut,
		},
		{
			Definition: Definition{
				Name: "deductions", TitleEN: "Deductions by counterparty", TitleFR: "Retenues par tiers",
				Question: "Who deducts, how, and how much of what is invoiced to them?",
			},
			query: (*View).deductionsReport, leftOut: (*View).deductionsLeftOut,
		},
		{
			Definition: Definition{
				Name: "exposure", TitleEN: "Exposure by customer", TitleFR: "Encours par client",
				Question: "How much would be lost if a customer failed today?",
			},
			query: (*View).exposureReport, leftOut: (*View).exposureLeftOut,
		},
		{
			Definition: Definition{
				Name: "group-currencies", TitleEN: "Entities in the currency of the group", TitleFR: "Sociétés dans la monnaie du groupe",
				Question: "What is owed to the group, each entity in its own currency and in that of the group?",
			},
			query: (*View).groupCurrenciesReport,
		},
		{
			Definition: Definition{
				Name: "currency-differences", TitleEN: "Exchange differences on open documents", TitleFR: "Écarts de change sur les pièces ouvertes",
				Question: "What are open documents in a foreign currency worth today, and what are they booked at?",
			},
			query: (*View).currencyDifferencesReport,
		},
	}
}

func (v *View) disputesReport(AgeingFilter) (query, error) {
	condition, args := v.entityScope()
	return query{selects: `
select
    entity_id, dispute_id, counterparty_id, document_ref, item_id, reason, status, owner,
    opened_date, closed_date, is_open, age_days, cycle_days, disputed_amount, open_amount,
    in_dispute_amount,
from mart_disputes
where ` + v.withoutSisters("mart_disputes", Customer, condition),
		order: "listed.entity_id, listed.dispute_id", args: args, totals: []string{"in_dispute_amount"}}, nil
}

func (v *View) disputeSummaryReport(AgeingFilter) (query, error) {
	condition, args := v.entityScope()
	return query{selects: `
select
    entity_id, month_end_date, reason, opened_count, closed_count, open_count,
    open_weight_amount, open_0_30_amount, open_31_60_amount, open_61_90_amount,
    open_91_plus_amount, closed_weight_amount, cycle_mean_days, cycle_weighted_days,
    cycle_median_days,
from mart_dispute_summary
where ` + condition,
		order: "listed.entity_id, listed.month_end_date, listed.reason", args: args,
		totals: []string{"opened_count", "closed_count", "closed_weight_amount"}}, nil
}

func (v *View) promisesReport(AgeingFilter) (query, error) {
	condition, args := v.entityScope()
	return query{selects: `
select
    entity_id, promise_id, counterparty_id, document_ref, made_date, promised_date,
    deadline_date, promised_amount, due_amount, received_amount, status, is_due,
from mart_promises
where ` + v.withoutSisters("mart_promises", Customer, condition),
		order: "listed.entity_id, listed.promise_id", args: args, totals: []string{"promised_amount"}}, nil
}

func (v *View) promisesKeptReport(AgeingFilter) (query, error) {
	condition, args := v.entityScope()
	return query{selects: `
select
    entity_id, counterparty_id, month_end_date, due_count, kept_count, due_amount, kept_amount,
    kept_ratio, kept_amount_ratio,
from mart_promises_monthly
where ` + v.withoutSisters("mart_promises_monthly", Customer, condition),
		order: "listed.entity_id, listed.counterparty_id, listed.month_end_date", args: args,
		totals: []string{"due_count", "kept_count", "due_amount", "kept_amount"}}, nil
}

func (v *View) deductionsReport(AgeingFilter) (query, error) {
	within := v.scope()
	return query{selects: `
select
    entity_id, side, counterparty_id, month_end_date, invoiced_amount, credit_note_amount,
    discount_amount, write_off_amount, deduction_amount, deduction_count, deduction_ratio,
from mart_counterparty_deductions
where ` + v.withoutSisters("mart_counterparty_deductions", v.selection.Side, within.condition),
		order: "listed.entity_id, listed.counterparty_id, listed.month_end_date", args: within.args,
		totals: []string{"credit_note_amount", "discount_amount", "write_off_amount", "deduction_amount", "deduction_count"}}, nil
}

func (v *View) exposureReport(AgeingFilter) (query, error) {
	condition, args := v.exposureScope()
	return query{selects: `
select
    entity_id, side, counterparty_id, counterparty_name, receivable_amount, bills_amount,
    unbilled_amount, orders_amount, deposits_amount, credit_amount, exposure_amount,
    credit_limit_amount, available_amount, utilisation_ratio, missing_currencies,
from mart_exposure
where ` + condition,
		order: "listed.exposure_amount desc nulls last, listed.entity_id, listed.counterparty_id", args: args,
		totals: []string{"receivable_amount", "bills_amount", "unbilled_amount", "orders_amount", "deposits_amount", "credit_amount", "exposure_amount"}}, nil
}

// groupCurrenciesReport is about every entity of the group, or the one that is
// selected; of its amounts only those in the currency of the group add up.
func (v *View) groupCurrenciesReport(AgeingFilter) (query, error) {
	side := sql.Named("side", v.selection.Side)
	condition, args := "side = $side", []any{side}
	if v.selection.Entity != "" {
		condition, args = condition+" and member_id = $entity", append(args, sql.Named("entity", v.selection.Entity))
	}
	return query{selects: `
select
    entity_id, side, member_id, member_currency, member_amount, member_intercompany_amount, method,
    group_amount, closing_amount, historic_amount, fixed_amount, difference_amount,
from mart_group_currencies
where ` + condition,
		order: "listed.member_id", args: args, totals: []string{"group_amount", "difference_amount"}}, nil
}

func (v *View) currencyDifferencesReport(AgeingFilter) (query, error) {
	within := v.scope()
	return query{selects: `
select
    entity_id, side, currency, item_count, currency_amount, booked_amount, closing_amount,
    difference_amount, quote_date,
from mart_currency_differences
where ` + within.condition,
		order: "listed.entity_id, listed.currency", args: within.args,
		totals: []string{"item_count", "booked_amount", "closing_amount", "difference_amount"}}, nil
}
