-- grain: one row per entity and measure of STALE_DATA that fits
-- key: entity_id, measure
-- question: Whose data lie far behind the as-of date, or have a part that has gone silent?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   rule: STALE_DATA
--   measure: entry_days, invoice_days or payment_days
--   subject: the measure and the last day, for the key of the alert
--   value_unit: days
--   old_value: null
--   new_value: days since then: up to the as-of date for entry_days, up to the last entry else
--   at_stake_amount: 0, nothing can be told
--   event_date: last entry, last invoice or last payment up to the as-of date
-- decisions: 80, 86
with

settings as (
    select * from params
),

rules as (
    select * from ref_alert_rules
    where is_enabled and rule = 'STALE_DATA'
),

accounts as (
    select
        account_key,
        entity_id,
        side,
    from int_accounts
),

items as not materialized (
    select * from int_items
),

account_days as (
    select
        items.account_key,
        max(items.movement_date) as entry_date,
        max(items.movement_date) filter (where items.is_sale and items.amount > 0)
            as invoice_date,
        max(items.movement_date) filter (where items.item_type = 'payment') as payment_date,
    from items
    inner join settings on items.movement_date <= settings.as_of
    group by items.account_key
),

entity_days as (
    select
        accounts.entity_id,
        max(account_days.entry_date) as entry_date,
        max(account_days.invoice_date) filter (where accounts.side = 'customer')
            as invoice_date,
        max(account_days.payment_date) filter (where accounts.side = 'customer')
            as payment_date,
    from account_days
    inner join accounts on accounts.account_key = account_days.account_key
    group by accounts.entity_id
),

measured as (
    select
        entity_days.entity_id,
        'entry_days' as measure,
        entity_days.entry_date as last_date,
        cast(settings.as_of - entity_days.entry_date as integer) as silent_days,
    from entity_days
    cross join settings
    union all
    select
        entity_id,
        'invoice_days' as measure,
        invoice_date as last_date,
        cast(entry_date - invoice_date as integer) as silent_days,
    from entity_days
    union all
    select
        entity_id,
        'payment_days' as measure,
        payment_date as last_date,
        cast(entry_date - payment_date as integer) as silent_days,
    from entity_days
),

final as (
    select
        measured.entity_id,
        rules.rule,
        measured.measure,
        measured.measure || ' ' || cast(measured.last_date as varchar) as subject,
        'days' as value_unit,
        cast(null as decimal(20, 4)) as old_value,
        cast(measured.silent_days as decimal(20, 4)) as new_value,
        cast(0 as decimal(18, 2)) as at_stake_amount,
        measured.last_date as event_date,
    from measured
    inner join rules
        on rules.measure = measured.measure
        and measured.silent_days > rules.threshold
)

select * from final
