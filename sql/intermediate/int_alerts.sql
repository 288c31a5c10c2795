-- grain: one row per counterparty, rule and subject
-- key: entity_id, side, counterparty_id, rule, subject
-- question: What has happened that a credit manager has to look at, limits apart?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier; empty where it is about the entity
--   rule: rule of ref_alert_rules
--   measure: measure of its line; of several that fit the most severe
--   subject: what the alert is about: the same subject is the same alert
--   about: the same as people name it
--   severity: 1 to 10, 10 is worst
--   value_unit: class, points, ratio, amount, days, severity or event
--   old_value: value before, null: none
--   new_value: value now
--   at_stake_amount: money at stake, currency of the entity
--   event_date: day on which it happened or since which it holds
--   window_days: of the line
--   words_en: sentence with placeholders
--   words_fr: the same in French
-- decisions: 80
with

rules as (
    select * from ref_alert_rules
    where is_enabled
),

keys as (
    select * from int_counterparty_keys
),

about_counterparties as (
    select * from int_alert_scores
    union all by name
    select * from int_alert_overdues
    union all by name
    select * from int_alert_events
    union all by name
    select * from int_alert_legal
    union all by name
    select * from int_alert_changes
    union all by name
    select * from int_alert_insurance
),

found as (
    select
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        about_counterparties.* exclude (counterparty_no),
    from about_counterparties
    inner join keys on keys.counterparty_no = about_counterparties.counterparty_no
    union all by name
    select
        *,
        'customer' as side,
        '' as counterparty_id,
        '' as about,
    from int_alert_data
),

-- two measures of one rule that say the same are one alert
ranked as (
    select
        found.*,
        rules.severity,
        rules.window_days,
        rules.words_en,
        rules.words_fr,
        row_number() over (
            partition by
                found.entity_id, found.side, found.counterparty_id, found.rule, found.subject
            order by rules.severity desc, found.measure
        ) as rank_no,
    from found
    inner join rules on rules.rule = found.rule and rules.measure = found.measure
    where rules.over_amount is null or found.at_stake_amount > rules.over_amount
),

final as (
    select
        entity_id,
        side,
        counterparty_id,
        rule,
        measure,
        subject,
        about,
        severity,
        value_unit,
        old_value,
        new_value,
        at_stake_amount,
        event_date,
        window_days,
        words_en,
        words_fr,
    from ranked
    where rank_no = 1
)

select * from final
