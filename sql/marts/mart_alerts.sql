-- grain: one row per entity, side, counterparty and alert at the as-of date
-- key: entity_id, side, counterparty_id, alert_key
-- sort: entity_id, side, counterparty_id, alert_key
-- question: What has happened to whom that asks for a look, how bad is it, and what is at stake?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier; empty where the alert is about the data of
--     the entity
--   alert_key: 16 hexadecimal digits that stand for entity, side, counterparty, rule and subject:
--     the same alert has the same key at every date and in every build
--   counterparty_name: name of the customer or supplier; null where the alert is about the entity
--   is_intercompany: belongs to the group, by encours.yaml
--   rule: rule of alert_rules.csv
--   measure: what was measured: classes, points, overdue_ratio, overdue_factor, utilisation_ratio,
--     late_days, overdue_days, open_days, severity, entry_days, invoice_days, payment_days; event
--   subject: what the alert is about, such as a document and its due date
--   severity: 1 to 10, 10 is worst
--   event_date: day on which it happened or since which it holds; for SCORE_DROP the month end that
--     is compared with
--   value_unit: unit of the values: class (1 is A, 5 is E), points, ratio, amount, days, severity
--   old_value: value before; null where there is none
--   new_value: value at the as-of date
--   at_stake_amount: money at stake, currency of the entity; 0 where the alert is about the data
--   sentence_en: the alert in English
--   sentence_fr: the alert in French
-- decisions: 80
with

overruns as (
    select * from mart_limit_overruns
),

rules as (
    select * from ref_alert_rules
    where is_enabled
),

entities as (
    select * from project_entities
),

counterparties as (
    select * from dim_counterparties
),

limit_alerts as (
    select
        overruns.entity_id,
        overruns.side,
        overruns.counterparty_id,
        overruns.rule,
        rules.measure,
        cast(overruns.credit_limit_amount as varchar) || ' '
            || cast(overruns.since_date as varchar) as subject,
        '' as about,
        rules.severity,
        'amount' as value_unit,
        cast(overruns.credit_limit_amount as decimal(20, 4)) as old_value,
        cast(overruns.exposure_amount as decimal(20, 4)) as new_value,
        case when overruns.rule = 'LIMIT_EXCEEDED' then overruns.over_amount
            else overruns.exposure_amount end as at_stake_amount,
        overruns.since_date as event_date,
        rules.over_amount,
        rules.window_days,
        rules.words_en,
        rules.words_fr,
    from overruns
    inner join rules on rules.rule = overruns.rule
),

alerts as (
    select * from int_alerts
    union all by name
    select * exclude (over_amount)
    from limit_alerts
    where over_amount is null or at_stake_amount > over_amount
),

valued as (
    select
        alerts.*,
        entities.currency,
        sha256(concat_ws(
            chr(31), alerts.rule, alerts.entity_id, alerts.side, alerts.counterparty_id,
            alerts.subject
        )) as whole_key,
        cast(abs(round(alerts.old_value, 2)) as decimal(20, 2)) as old_size,
        cast(abs(round(alerts.new_value, 2)) as decimal(20, 2)) as new_size,
        case when alerts.old_value < 0 then '-' else '' end as old_sign,
        case when alerts.new_value < 0 then '-' else '' end as new_sign,
    from alerts
    inner join entities on entities.entity_id = alerts.entity_id
),

texts as (
    select
        *,
        case value_unit
            when 'class' then substr('ABCDE', cast(old_value as integer), 1)
            when 'amount' then old_sign || format('{:,}', cast(floor(old_size) as bigint))
                || right(cast(old_size as varchar), 3) || ' ' || currency
            when 'ratio' then regexp_replace(
                cast(cast(old_value * 100 as decimal(12, 1)) as varchar), '\.0$', '') || ' %'
            else regexp_replace(cast(cast(old_value as decimal(12, 1)) as varchar), '\.0$', '')
        end as old_text,
        case value_unit
            when 'class' then substr('ABCDE', cast(new_value as integer), 1)
            when 'amount' then new_sign || format('{:,}', cast(floor(new_size) as bigint))
                || right(cast(new_size as varchar), 3) || ' ' || currency
            when 'ratio' then regexp_replace(
                cast(cast(new_value * 100 as decimal(12, 1)) as varchar), '\.0$', '') || ' %'
            else regexp_replace(cast(cast(new_value as decimal(12, 1)) as varchar), '\.0$', '')
        end as new_text,
        coalesce(nullif(about, ''), '–') as about_text,
        cast(coalesce(window_days, 0) as varchar) as window_text,
    from valued
),

-- what an extract gives comes last, so that a placeholder in it stays what it is
final as (
    select
        texts.entity_id,
        texts.side,
        texts.counterparty_id,
        substr(texts.whole_key, 1, 16) as alert_key,
        counterparties.counterparty_name,
        coalesce(counterparties.is_intercompany, false) as is_intercompany,
        texts.rule,
        texts.measure,
        texts.subject,
        texts.severity,
        texts.event_date,
        texts.value_unit,
        texts.old_value,
        texts.new_value,
        texts.at_stake_amount,
        replace(replace(replace(replace(replace(
            texts.words_en,
            '{old}', coalesce(texts.old_text, '–')),
            '{new}', coalesce(texts.new_text, '–')),
            '{date}', strftime(texts.event_date, '%-d %B %Y')),
            '{window}', texts.window_text),
            '{about}', texts.about_text
        ) as sentence_en,
        replace(replace(replace(replace(replace(
            texts.words_fr,
            '{old}', coalesce(translate(texts.old_text, ',.', chr(160) || ','), '–')),
            '{new}', coalesce(translate(texts.new_text, ',.', chr(160) || ','), '–')),
            '{date}', strftime(texts.event_date, '%d/%m/%Y')),
            '{window}', texts.window_text),
            '{about}', texts.about_text
        ) as sentence_fr,
    from texts
    left join counterparties
        on counterparties.entity_id = texts.entity_id
        and counterparties.side = texts.side
        and counterparties.counterparty_id = texts.counterparty_id
)

select * from final
