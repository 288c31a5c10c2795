package reports

// segmentDefinitions are the reports on segments, credit limits and the ways between
// classes.
func segmentDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "risk-segments", TitleEN: "Risk segments", TitleFR: "Segments de risque",
				Question: "In which segment is each customer, and what is to be done with it?",
			},
			query: (*View).segmentsReport, isRisk: true, isBanded: true,
		},
		{
			Definition: Definition{
				Name: "credit-limits", TitleEN: "Credit limits", TitleFR: "Limites de crédit",
				Question: "Up to how much should each customer be given credit, why, and how much of it is used?",
			},
			query: (*View).limitsReport, isRisk: true,
		},
		{
			Definition: Definition{
				Name: "risk-transitions", TitleEN: "Transitions between classes", TitleFR: "Migrations entre classes",
				Question: "Which classes do customers go to from each class, in a month and in a year?",
			},
			query: (*View).transitionsReport,
		},
	}
}

// segmentsReport has the columns that credit managers take away.
func (v *View) segmentsReport(filter AgeingFilter) (query, error) {
	if err := filter.Risk.check(); err != nil {
		return query{}, err
	}
	condition, args := v.segmentScope(filter.Risk)
	return query{selects: `
select
    entity_id, side, counterparty_id, params.as_of as as_of_date, siren, counterparty_name, account_manager,
    is_strategic, segment, segment_en, segment_fr, exposure_band, risk_class, previous_class, class_change,
    score, reason_1_en, reason_1_fr, reason_2_en, reason_2_fr, reason_3_en, reason_3_fr,
    size_amount, exposure_amount, insured_amount, net_exposure_amount, limit_amount, limit_source,
    recommended_limit_amount, utilisation_ratio, open_amount, overdue_amount, overdue_90_amount,
    late_12m_days, dso_countback_days, is_countback_floor, legal_severity, override_rule,
    action_en, action_fr, next_review_date,
from mart_risk_segments
cross join params
where ` + condition,
		order: "listed.size_amount desc, listed.entity_id, listed.counterparty_id", args: args,
		totals: []string{"size_amount", "open_amount", "overdue_amount"}}, nil
}

// limitsReport is about customers, whatever the side of the selection.
func (v *View) limitsReport(filter AgeingFilter) (query, error) {
	if err := filter.Risk.check(); err != nil {
		return query{}, err
	}
	filter.Risk.Change = "" // limits do not tell the month before
	condition, args := v.riskScope(filter.Risk)
	return query{selects: `
select
    entity_id, side, counterparty_id, counterparty_name, risk_class, policy_class, receivable_amount,
    bills_amount, unbilled_amount, orders_amount, deposits_amount, credit_amount, exposure_amount,
    missing_currencies, cover_amount, quota_ratio, is_cover_void, insured_amount, net_exposure_amount,
    monthly_sales_amount, term_days, season_ratio, need_amount, capacity_amount, own_cap_amount,
    recommended_limit_amount, binding_reason, credit_limit_amount, limit_amount, limit_source,
    available_amount, utilisation_ratio,
from mart_risk_limits
where ` + condition,
		order: "listed.entity_id, listed.counterparty_id", args: args,
		totals: []string{"exposure_amount", "insured_amount", "net_exposure_amount", "recommended_limit_amount"}}, nil
}

func (v *View) transitionsReport(AgeingFilter) (query, error) {
	mart, condition, args := v.from("mart_risk_transitions", "mart_group_risk_transitions", true)
	return query{selects: `
select
    entity_id, side, span, from_class, to_class, class_change, counterparty_count, open_amount,
    count_ratio, amount_ratio,
from ` + mart + `
where ` + condition,
		order: "listed.entity_id, listed.span, listed.from_class, listed.to_class", args: args}, nil
}
