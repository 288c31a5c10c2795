package reports

import (
	"fmt"
	"strings"
)

// riskDefinitions are the reports on how customers pay and what that makes of them.
func riskDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "payment-behaviour", TitleEN: "Payment behaviour", TitleFR: "Comportement de paiement",
				Question: "How does each customer pay, and how has that changed?",
			},
			query: (*View).behaviourReport,
		},
		{
			Definition: Definition{
				Name: "risk-scores", TitleEN: "Risk scores", TitleFR: "Notes de risque",
				Question: "How likely is each customer to pay late, why, and is it getting worse?",
			},
			query: (*View).riskScoresReport, isRisk: true,
		},
		{
			Definition: Definition{
				Name: "score-points", TitleEN: "Points of the scores", TitleFR: "Points des notes",
				Question: "Where does each score come from, factor by factor?",
			},
			query: (*View).scorePointsReport, isRisk: true,
		},
		{
			Definition: Definition{
				Name: "credit-decisions", TitleEN: "Standing credit decisions", TitleFR: "Décisions de crédit en vigueur",
				Question: "May each customer go on buying on account, by which rule, and on which terms?",
			},
			query: (*View).creditDecisionsReport,
		},
	}
}

// behaviourWindows are the windows of mart_payment_behaviour.
var behaviourWindows = []string{"3m", "6m", "12m", "24m"}

func (v *View) behaviourReport(AgeingFilter) (query, error) {
	condition, args := v.riskScope(RiskFilter{})
	var windows []string
	for _, w := range behaviourWindows {
		windows = append(windows, strings.ReplaceAll(`
    paid_%_count, paid_%_amount, late_%_days, max_late_%_days, paid_late_%_ratio,
    paid_late_30_%_ratio, invoices_late_30_%_ratio, invoices_late_60_%_ratio,`, "%", w))
	}
	return query{selects: fmt.Sprintf(`
select
    entity_id, side, counterparty_id, counterparty_name, first_invoice_date, history_months,
    opened_date, tenure_months,%s
    trend_days, volatility_12m_days, open_amount, gross_amount, overdue_amount, overdue_ratio,
    oldest_overdue_days, overdue_12m_count, unapplied_ratio, utilisation_ratio,
    due_promise_12m_count, broken_promise_12m_count, reject_12m_count, incident_count,
    dispute_12m_count, open_dispute_count, sales_3m_amount, sales_12m_amount, sales_trend_ratio,
from mart_payment_behaviour
where %s`, strings.Join(windows, ""), condition),
		order: "listed.entity_id, listed.counterparty_id", args: args,
		totals: []string{"open_amount", "gross_amount", "overdue_amount"}}, nil
}

func (v *View) riskScoresReport(filter AgeingFilter) (query, error) {
	if err := filter.Risk.check(); err != nil {
		return query{}, err
	}
	condition, args := v.riskScope(filter.Risk)
	return query{selects: `
select
    entity_id, side, counterparty_id, counterparty_name, score, risk_class, class_before_overrides,
    override_rule, policy_class, previous_date, previous_score, previous_class, class_change,
    paid_count, reason_1, reason_1_value, reason_1_points, reason_1_en, reason_1_fr,
    reason_2, reason_2_value, reason_2_points, reason_2_en, reason_2_fr,
    reason_3, reason_3_value, reason_3_points, reason_3_en, reason_3_fr,
    external_score, external_class, legal_severity, open_amount, overdue_amount, exposure_amount,
    insured_amount, recommended_limit_amount, decision, decision_rule,
from mart_risk_scores
where ` + condition,
		order: "listed.score nulls last, listed.entity_id, listed.counterparty_id", args: args,
		totals: []string{"open_amount", "overdue_amount"}}, nil
}

func (v *View) scorePointsReport(filter AgeingFilter) (query, error) {
	if err := filter.Risk.check(); err != nil {
		return query{}, err
	}
	condition, args := v.riskScope(filter.Risk)
	return query{selects: `
with
scores as (
    select entity_id, side, counterparty_id, counterparty_name, score, risk_class
    from mart_risk_scores
    where ` + condition + `
)
select
    scores.entity_id,
    scores.side,
    scores.counterparty_id,
    scores.counterparty_name,
    points.factor_order,
    points.factor,
    points.label_en,
    points.label_fr,
    points.value_unit,
    points.factor_value,
    points.from_value,
    points.to_value,
    points.weight,
    points.range_points,
    points.earned_points,
    points.lost_points,
    points.reason_en,
    points.reason_fr,
    scores.score,
    scores.risk_class,
from scores
inner join mart_risk_score_points as points
    on points.entity_id = scores.entity_id
    and points.side = scores.side
    and points.counterparty_id = scores.counterparty_id`,
		order: "listed.entity_id, listed.counterparty_id, listed.factor_order", args: args}, nil
}

func (v *View) creditDecisionsReport(AgeingFilter) (query, error) {
	condition, args := v.riskScope(RiskFilter{})
	return query{selects: `
select
    entity_id, side, counterparty_id, counterparty_name, currency, decision, rule_no, decision_rule,
    rule_en, rule_fr, recommended_terms, term_days, terms_en, terms_fr, valid_days, score,
    risk_class, policy_class, legal_severity, is_ceased, exposure_amount, limit_amount,
    limit_source, headroom_amount, overdue_amount, oldest_overdue_days, long_overdue_days,
    long_overdue_amount,
from mart_credit_decisions
where ` + condition,
		order: "listed.entity_id, listed.counterparty_id", args: args,
		totals: []string{"overdue_amount", "long_overdue_amount"}}, nil
}
