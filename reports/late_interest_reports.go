package reports

// lateInterestDefinitions are the reports on late interest.
func lateInterestDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "late-interest", TitleEN: "Late interest and recovery fees", TitleFR: "Intérêts de retard et indemnités",
				Question: "Which late interest and recovery fee may be claimed on which document?",
			},
			query: (*View).lateInterestReport,
		},
		{
			Definition: Definition{
				Name: "late-interest-counterparties", TitleEN: "Late interest by counterparty", TitleFR: "Intérêts de retard par tiers",
				Question: "How much late interest and how many recovery fees may be claimed from whom?",
			},
			query: (*View).lateCounterpartiesReport,
		},
		{
			Definition: Definition{
				Name: "late-interest-lines", TitleEN: "Late interest, how it is computed", TitleFR: "Intérêts de retard, détail du calcul",
				Question: "How is the late interest of a document computed?",
			},
			query: (*View).lateLinesReport,
		},
	}
}

// lateInterestReport has one row per late document.
func (v *View) lateInterestReport(AgeingFilter) (query, error) {
	within := v.lateScope()
	return query{
		selects: `
select
    entity_id,
    side,
    counterparty_id,
    item_id,
    document_ref,
    item_type,
    issue_date,
    due_date,
    due_date_source,
    is_due_date_assumed,
    regime,
    contract_rate,
    amount,
    running_amount,
    first_late_date,
    last_late_date,
    late_days,
    interest_amount,
    fee_amount,
    unrated_days,
    insolvency_date,
    is_intercompany,
from mart_late_interest
where ` + within.condition,
		order: "listed.entity_id, listed.counterparty_id, listed.item_id",
		args:  within.args, totals: []string{"running_amount", "interest_amount", "fee_amount"},
	}, nil
}

// lateCounterpartiesReport has one row per counterparty, the largest claim first.
func (v *View) lateCounterpartiesReport(AgeingFilter) (query, error) {
	within := v.lateScope()
	return query{
		selects: `
with
totals as (
    select * from mart_late_interest_totals
    where ` + within.condition + `
)
select
    totals.entity_id,
    totals.side,
    totals.counterparty_id,
    names.counterparty_name,
    totals.regime,
    totals.contract_rate,
    totals.insolvency_date,
    totals.item_count,
    totals.interest_amount,
    totals.fee_amount,
    totals.claim_amount,
    totals.running_amount,
    totals.assumed_item_count,
    totals.assumed_interest_amount,
    totals.assumed_fee_amount,
    totals.unrated_item_count,
    totals.is_intercompany,
from totals
left join dim_counterparties as names
    on names.entity_id = totals.entity_id
    and names.side = totals.side
    and names.counterparty_id = totals.counterparty_id`,
		order: "listed.claim_amount desc, listed.entity_id, listed.counterparty_id",
		args:  within.args,
		totals: []string{
			"item_count", "interest_amount", "fee_amount", "claim_amount", "running_amount",
			"assumed_item_count", "assumed_interest_amount", "assumed_fee_amount",
		},
	}, nil
}

// lateLinesReport has one row per late document, run of days and semester.
func (v *View) lateLinesReport(AgeingFilter) (query, error) {
	within := v.lateScope()
	return query{
		selects: `
with
counterparties as (
    select entity_id, side, counterparty_id
    from mart_late_interest_totals
    where ` + within.condition + `
)
select
    lines.entity_id,
    lines.side,
    lines.counterparty_id,
    lines.item_id,
    lines.document_ref,
    lines.due_date,
    lines.from_date,
    lines.to_date,
    lines.known_from_date,
    lines.is_reduction,
    lines.principal_amount,
    lines.day_count,
    lines.rate,
    lines.rate_basis,
    lines.legal_rate,
    lines.interest_amount,
from int_late_interest_lines as lines
inner join counterparties
    on counterparties.entity_id = lines.entity_id
    and counterparties.side = lines.side
    and counterparties.counterparty_id = lines.counterparty_id`,
		order: "listed.entity_id, listed.counterparty_id, listed.item_id, listed.from_date, listed.known_from_date, listed.is_reduction",
		args:  within.args,
	}, nil
}
