-- grain: one row per entity, side, counterparty, date and event
-- key: entity_id, side, counterparty_id, event_date, event
-- question: Which legal events weigh on a counterparty, and how much?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   event_date: day from which the event counts
--   end_date: first day on which it does not count any more, null while it does
--   event: name of the event; ceased and struck_off are names that ref_scorecard_overrides knows
--   severity: 0 to 10, 10 is worst
-- decisions: 16, 54
with

-- no dataset of legal events is loaded: nothing is known of any counterparty
final as (
    select
        cast(null as varchar) as entity_id,
        cast(null as varchar) as side,
        cast(null as varchar) as counterparty_id,
        cast(null as date) as event_date,
        cast(null as date) as end_date,
        cast(null as varchar) as event,
        cast(null as integer) as severity,
    where false
)

select * from final
