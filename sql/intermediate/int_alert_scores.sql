-- grain: one row per customer and measure of SCORE_DROP and DSO_DRIFT that fits
-- key: counterparty_no, rule, measure
-- question: Whose class or score fell since the end of the month before, and who pays later and
--   later?
-- materialized: view
-- columns:
--   counterparty_no: customer
--   rule: SCORE_DROP or DSO_DRIFT
--   measure: classes, points or late_days
--   subject: what the alert is about, for its key
--   about: nothing more to name, empty
--   value_unit: class, points or days
--   old_value: class (1 is A), points or days late of twelve months
--   new_value: the same now; days late of three months
--   at_stake_amount: what the customer owes, currency of the entity
--   event_date: month end that it is compared with; first day of the month since which it drifts
-- decisions: 80, 81
with

rules as (
    select * from ref_alert_rules
    where is_enabled
),

scores as (
    select * from int_risk_scores
    where side = 'customer' and month_no <= 1
),

factors as (
    select
        month_no,
        counterparty_no,
        late_12m_days,
        trend_days,
    from int_score_factors
),

months as (
    select * from int_score_months
),

keys as (
    select * from int_counterparty_keys
    where side = 'customer'
),

balances as (
    select * from int_score_balances
    where month_no = 0
),

compared as (
    select
        latest.counterparty_no,
        before.score_date as before_date,
        before.risk_class as before_class,
        latest.risk_class,
        before.score as before_score,
        latest.score,
        case when latest.risk_class <> 'N' and before.risk_class <> 'N'
            then strpos('ABCDE', latest.risk_class) - strpos('ABCDE', before.risk_class)
        end as lost_classes,
        before.score - latest.score as lost_points,
    from scores as latest
    inner join scores as before
        on before.counterparty_no = latest.counterparty_no
        and before.month_no = 1
    where latest.month_no = 0
),

-- a class that falls further in the same month is another alert
drops as (
    select
        compared.*,
        rules.measure,
        cast(compared.before_date as varchar) || ' ' || compared.before_class || '>'
            || compared.risk_class as subject,
    from compared
    inner join rules
        on rules.rule = 'SCORE_DROP'
        and (
            (rules.measure = 'classes' and compared.lost_classes >= rules.threshold)
            or (rules.measure = 'points' and compared.lost_points >= rules.threshold)
        )
),

-- fans out on purpose: the months in which the trend is above the threshold, the as-of date first
drifting as (
    select
        factors.month_no,
        factors.counterparty_no,
        factors.late_12m_days,
        factors.trend_days,
        rules.measure,
        row_number() over (
            partition by factors.counterparty_no order by factors.month_no
        ) - 1 as place_no,
    from factors
    inner join rules on rules.rule = 'DSO_DRIFT' and factors.trend_days > rules.threshold
),

-- without a gap up to the as-of date
drifts as (
    select
        counterparty_no,
        measure,
        max(month_no) as first_month_no,
        max(late_12m_days) filter (where month_no = 0) as late_12m_days,
        max(trend_days) filter (where month_no = 0) as trend_days,
    from drifting
    where month_no = place_no
    group by counterparty_no, measure
),

found as (
    select
        counterparty_no,
        'SCORE_DROP' as rule,
        measure,
        subject,
        case when measure = 'classes' then 'class' else 'points' end as value_unit,
        case when measure = 'classes' then strpos('ABCDE', before_class)
            else before_score end as old_value,
        case when measure = 'classes' then strpos('ABCDE', risk_class) else score end
            as new_value,
        before_date as event_date,
    from drops
    union all
    select
        drifts.counterparty_no,
        'DSO_DRIFT' as rule,
        drifts.measure,
        cast(cast(date_trunc('month', months.score_date) as date) as varchar) as subject,
        'days' as value_unit,
        drifts.late_12m_days as old_value,
        drifts.late_12m_days + drifts.trend_days as new_value,
        cast(date_trunc('month', months.score_date) as date) as event_date,
    from drifts
    inner join months on months.month_no = drifts.first_month_no
),

final as (
    select
        found.counterparty_no,
        found.rule,
        found.measure,
        found.subject,
        '' as about,
        found.value_unit,
        cast(found.old_value as decimal(20, 4)) as old_value,
        cast(found.new_value as decimal(20, 4)) as new_value,
        cast(coalesce(balances.gross_amount, 0) as decimal(18, 2)) as at_stake_amount,
        found.event_date,
    from found
    inner join keys on keys.counterparty_no = found.counterparty_no
    left join balances on balances.counterparty_no = found.counterparty_no
)

select * from final
