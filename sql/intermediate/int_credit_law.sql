-- grain: one row per customer of whom a legal event counts at the as-of date
-- key: entity_id, counterparty_id
-- question: What does the law say of a customer at the as-of date?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   legal_severity: severity of the worst event, 0 to 10
--   is_ceased: the activity has ceased, or the customer is struck off the register
-- decisions: 54, 70
with

events as (
    select * from int_legal_status
    where side = 'customer'
),

settings as (
    select * from params
),

final as (
    select
        events.entity_id,
        events.counterparty_id,
        max(events.severity) as legal_severity,
        bool_or(events.event in ('ceased', 'struck_off')) as is_ceased,
    from events
    cross join settings
    where
        events.event_date <= settings.as_of
        and (events.end_date is null or events.end_date > settings.as_of)
    group by events.entity_id, events.counterparty_id
)

select * from final
