-- grain: one row per entity, month end, month compared with, and effect
-- key: entity_id, month_end_date, compared_with, effect
-- sort: entity_id, month_end_date, compared_with, effect_order
-- question: Why did the simple DSO move between two month ends?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   month_end_date: end of the month; the as-of date for the month that holds it
--   compared_with: month_before or year_before
--   effect: mix (whose sales the year is made of, by customer), sales (their volume),
--     overdue (open debits past due), not_due (the other open debits), credits (open credits)
--   effect_order: order of the effect
--   from_date: end of the month compared with
--   from_days: simple DSO at from_date, days
--   effect_days: what the effect added to it, days; the effects of a pair of dates add up to the
--     change exactly
--   level_days: DSO once this effect and those before it are in, days
-- decisions: 31, 50
with

bridge as (
    select * from int_dso_bridge
    where scope_id <> 'group'
),

final as (
    select
        scope_id as entity_id,
        month_end_date,
        compared_with,
        effect,
        effect_order,
        from_date,
        from_days,
        effect_days,
        level_days,
    from bridge
)

select * from final
