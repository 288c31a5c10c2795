-- grain: one row per entity and customer that has an item, an order or a line in the file of
--   counterparties
-- key: entity_id, side, counterparty_id
-- sort: entity_id, counterparty_id
-- question: May the customer go on buying on account, by which rule, and on which terms?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: always customer
--   counterparty_id: code of the customer
--   counterparty_name: name of the customer; its code where nothing else names it
--   is_intercompany: belongs to the group, by encours.yaml
--   currency: currency of the entity, in which all amounts are
--   order_amount: the order that the decision is about: 0, what holds without a new one
--   decision: refuse, prepay, hold, approve or review
--   rule_no: rule of ref_decision_policy that decides, the first that fits
--   decision_rule: name of that rule
--   rule_en: the rule in English
--   rule_fr: the rule in French
--   recommended_terms: payment terms of ref_decision_terms: those of the rule, else of the class
--   term_days: days after the invoice; 0: before delivery; null: as agreed
--   terms_en: the terms in English
--   terms_fr: the terms in French
--   valid_days: days for which the decision holds
--   score: points of the scorecard, 0 to 100; null where there is too little history
--   risk_class: A (best) to E; N where there is too little history
--   policy_class: class whose rules apply: that of N is set in ref_scorecard_classes
--   legal_severity: severity of the worst legal event that counts, 0 to 10; null: none
--   is_ceased: the activity has ceased, or the customer is struck off the register
--   exposure_amount: what would be lost, before the order; null where a rate is missing
--   limit_amount: credit limit; null where none is known
--   limit_source: granted, or recommended where none is granted; null: no limit
--   headroom_amount: limit less exposure, before the order; negative where it is exceeded; null
--     where one of the two is not known
--   overdue_amount: open items past due, without credits
--   oldest_overdue_days: days overdue of the oldest overdue item; 0: none
--   long_overdue_days: days past due beyond which the policy counts an item; null: it counts none
--   long_overdue_amount: open items past due by more days than that
-- decisions: 70, 71
with

inputs as (
    select * from mart_credit_inputs
),

requests as (
    select * from int_credit_requests
),

policy as (
    select * from ref_decision_policy
),

terms as (
    select * from ref_decision_terms
),

-- what is not known makes a condition null, and a rule whose condition is null does not fit
fitting as (
    select
        inputs.entity_id,
        inputs.counterparty_id,
        min(policy.rule_no) as rule_no,
    from inputs
    cross join requests
    inner join policy
        on case
            when policy.severity is null and not policy.is_ceased then true
            else coalesce(inputs.legal_severity >= policy.severity, false)
                or (policy.is_ceased and inputs.is_ceased)
        end
        and (
            policy.risk_classes = '*'
            or strpos(policy.risk_classes, inputs.risk_class) > 0
            or strpos(policy.risk_classes, inputs.policy_class) > 0
        )
        and (
            policy.overdue_amount is null or inputs.long_overdue_amount > policy.overdue_amount
        )
        and (policy.order_amount is null or requests.order_amount <= policy.order_amount)
        and (
            policy.limit_ratio is null
            or cast(inputs.exposure_amount as decimal(24, 2)) + requests.order_amount
            <= cast(inputs.limit_amount as decimal(24, 2)) * policy.limit_ratio
        )
    group by inputs.entity_id, inputs.counterparty_id
),

-- the thresholds as the sentences show them: without zeros at the end of a whole number
policy_texts as (
    select
        rule_no,
        coalesce(cast(severity as varchar), '') as severity_text,
        coalesce(cast(overdue_days as varchar), '') as days_text,
        coalesce(replace(cast(overdue_amount as varchar), '.00', ''), '') as amount_text,
        coalesce(replace(cast(order_amount as varchar), '.00', ''), '') as order_text,
        coalesce(
            replace(cast(cast(limit_ratio * 100 as decimal(9, 2)) as varchar), '.00', ''), ''
        ) as percent_text,
    from policy
),

final as (
    select
        inputs.entity_id,
        inputs.side,
        inputs.counterparty_id,
        inputs.counterparty_name,
        inputs.is_intercompany,
        inputs.currency,
        requests.order_amount,
        policy.decision,
        policy.rule_no,
        policy.rule as decision_rule,
        replace(replace(replace(replace(replace(
            policy.rule_en, '{severity}', texts.severity_text), '{days}', texts.days_text),
            '{amount}', texts.amount_text), '{order}', texts.order_text),
            '{percent}', texts.percent_text) as rule_en,
        replace(replace(replace(replace(replace(
            policy.rule_fr, '{severity}', texts.severity_text), '{days}', texts.days_text),
            '{amount}', texts.amount_text), '{order}', texts.order_text),
            '{percent}', texts.percent_text) as rule_fr,
        terms.terms as recommended_terms,
        terms.term_days,
        replace(terms.terms_en, '{}', coalesce(cast(terms.term_days as varchar), '')) as terms_en,
        replace(terms.terms_fr, '{}', coalesce(cast(terms.term_days as varchar), '')) as terms_fr,
        policy.valid_days,
        inputs.score,
        inputs.risk_class,
        inputs.policy_class,
        inputs.legal_severity,
        inputs.is_ceased,
        inputs.exposure_amount,
        inputs.limit_amount,
        inputs.limit_source,
        cast(inputs.limit_amount - inputs.exposure_amount as decimal(18, 2)) as headroom_amount,
        inputs.overdue_amount,
        inputs.oldest_overdue_days,
        inputs.long_overdue_days,
        inputs.long_overdue_amount,
    from inputs
    cross join requests
    inner join fitting
        on fitting.entity_id = inputs.entity_id
        and fitting.counterparty_id = inputs.counterparty_id
    inner join policy on policy.rule_no = fitting.rule_no
    inner join policy_texts as texts on texts.rule_no = fitting.rule_no
    left join terms
        on case
            when policy.terms is not null then terms.terms = policy.terms
            else strpos(coalesce(terms.risk_classes, ''), inputs.policy_class) > 0
        end
)

select * from final
