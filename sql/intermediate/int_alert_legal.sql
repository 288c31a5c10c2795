-- grain: one row per counterparty and legal event that weighs on it
-- key: counterparty_no, rule, subject
-- question: Which customers and suppliers are in a procedure, or have ceased to trade?
-- materialized: view
-- columns:
--   counterparty_no: customer or supplier
--   rule: LEGAL_EVENT or CEASED
--   measure: severity or event
--   subject: event and day, for the key of the alert
--   about: nature of the event, as the notice writes it
--   value_unit: severity
--   old_value: null
--   new_value: severity, 10 is worst
--   at_stake_amount: what is open, currency of the entity
--   event_date: day of the judgment or of the event
-- decisions: 80, 85
with

settings as (
    select * from params
),

rules as (
    select * from ref_alert_rules
    where is_enabled
),

keys as (
    select * from int_counterparty_keys
),

balances as (
    select * from int_score_balances
    where month_no = 0
),

events as (
    select
        keys.counterparty_no,
        legal.event,
        legal.severity,
        legal.judged_date as event_date,
        legal.nature,
    from int_legal_status as legal
    cross join settings
    inner join keys
        on keys.entity_id = legal.entity_id
        and keys.side = legal.side
        and keys.counterparty_id = legal.counterparty_id
    where
        legal.event_date <= settings.as_of
        and (legal.end_date is null or legal.end_date > settings.as_of)
),

fitting as (
    select
        events.counterparty_no,
        rules.rule,
        rules.measure,
        events.event,
        events.event_date,
        max(events.severity) as severity,
        min(events.nature) as nature,
    from events
    cross join settings
    inner join rules
        on (
            (rules.rule = 'CEASED' and events.event = 'ceased')
            or (
                rules.rule = 'LEGAL_EVENT'
                and events.event <> 'ceased'
                and events.severity >= rules.threshold
            )
        )
        and (
            rules.window_days is null
            or settings.as_of - events.event_date < rules.window_days
        )
    group by
        events.counterparty_no, rules.rule, rules.measure, events.event, events.event_date
),

final as (
    select
        fitting.counterparty_no,
        fitting.rule,
        fitting.measure,
        fitting.event || ' ' || cast(fitting.event_date as varchar) as subject,
        fitting.nature as about,
        'severity' as value_unit,
        cast(null as decimal(20, 4)) as old_value,
        cast(fitting.severity as decimal(20, 4)) as new_value,
        cast(coalesce(balances.gross_amount, 0) as decimal(18, 2)) as at_stake_amount,
        fitting.event_date,
    from fitting
    left join balances on balances.counterparty_no = fitting.counterparty_no
)

select * from final
