-- grain: one row per date of scoring and counterparty that is there at that date
-- key: month_no, counterparty_no
-- question: Which score and class did a counterparty have at each month end?
-- materialized: table
-- columns:
--   month_no: 0 for the as-of date, 1 for the end of the month before, and so on to 12
--   score_date: the date
--   counterparty_no: rank of the counterparty
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   paid_count: paid documents within the history that counts
--   score: sum of the points of the factors, 0 to 100; null where there is too little history
--   class_before_overrides: class of the score; N where there is too little history
--   override_rule: what is known of the law that made the class worse, null: nothing
--   risk_class: A to E, N where there is too little history
--   policy_class: class whose rules apply: that of N is in ref_scorecard_classes
--   legal_severity: severity of the worst legal event that counts, null: none
-- decisions: 54, 55
with

months as (
    select * from int_score_months
),

keys as (
    select * from int_counterparty_keys
),

factors as (
    select
        month_no,
        counterparty_no,
        paid_count,
    from int_score_factors
),

sums as (
    select
        month_no,
        counterparty_no,
        sum(earned_points) as score,
    from int_score_points
    group by month_no, counterparty_no
),

classes as (
    select * from ref_scorecard_classes
),

class_ranges as (
    select
        risk_class,
        policy_class,
        from_score,
        lead(from_score) over (order by from_score) as to_score,
    from classes
    where from_score is not null
),

unrated as (
    select
        max(risk_class) as risk_class,
        max(policy_class) as policy_class,
    from classes
    where from_score is null
),

rules as (
    select max(value) filter (where rule = 'paid_invoices') as paid_invoices
    from ref_scorecard_rules
),

legal as (
    select
        months.month_no,
        keys.counterparty_no,
        status.severity,
        status.event,
    from int_legal_status as status
    inner join months
        on months.score_date >= status.event_date
        and (status.end_date is null or months.score_date < status.end_date)
    inner join keys
        on keys.entity_id = status.entity_id
        and keys.side = status.side
        and keys.counterparty_id = status.counterparty_id
),

severities as (
    select
        month_no,
        counterparty_no,
        max(severity) as legal_severity,
    from legal
    group by month_no, counterparty_no
),

classed as (
    select
        factors.month_no,
        factors.counterparty_no,
        factors.paid_count,
        case when factors.paid_count >= rules.paid_invoices then sums.score end as score,
        case when factors.paid_count >= rules.paid_invoices then class_ranges.risk_class
            else unrated.risk_class end as risk_class,
        case when factors.paid_count >= rules.paid_invoices then class_ranges.policy_class
            else unrated.policy_class end as policy_class,
    from factors
    cross join rules
    cross join unrated
    inner join sums
        on sums.month_no = factors.month_no
        and sums.counterparty_no = factors.counterparty_no
    inner join class_ranges
        on sums.score >= class_ranges.from_score
        and (class_ranges.to_score is null or sums.score < class_ranges.to_score)
),

-- several events and rules may hold: the first rule of the list
overrides as (
    select
        classed.month_no,
        classed.counterparty_no,
        arg_min(rules.override_rule, (rules.override_order, rules.override_rule))
            as override_rule,
        arg_min(rules.risk_class, (rules.override_order, rules.risk_class)) as risk_class,
    from classed
    inner join legal
        on legal.month_no = classed.month_no
        and legal.counterparty_no = classed.counterparty_no
    inner join ref_scorecard_overrides as rules
        on rules.risk_class > classed.policy_class
        and (rules.from_severity is null or legal.severity >= rules.from_severity)
        and (rules.event is null or legal.event = rules.event)
    group by classed.month_no, classed.counterparty_no
),

final as (
    select
        classed.month_no,
        months.score_date,
        classed.counterparty_no,
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        classed.paid_count,
        cast(classed.score as decimal(5, 2)) as score,
        classed.risk_class as class_before_overrides,
        overrides.override_rule,
        coalesce(overrides.risk_class, classed.risk_class) as risk_class,
        coalesce(overrides.risk_class, classed.policy_class) as policy_class,
        severities.legal_severity,
    from classed
    inner join months on months.month_no = classed.month_no
    inner join keys on keys.counterparty_no = classed.counterparty_no
    left join overrides
        on overrides.month_no = classed.month_no
        and overrides.counterparty_no = classed.counterparty_no
    left join severities
        on severities.month_no = classed.month_no
        and severities.counterparty_no = classed.counterparty_no
)

select * from final
