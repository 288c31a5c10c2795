-- grain: one row per entity, side, counterparty and date of a rating
-- key: entity_id, side, counterparty_id, rating_date
-- question: What do rating agencies say of a counterparty, and since when?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   rating_date: day from which the rating counts, until the next one
--   external_score: score of the agency, 0 to 100, 100 is best
--   external_class: its class, A to E
-- decisions: 16, 54
with

-- no dataset of ratings is loaded: every counterparty is without one
final as (
    select
        cast(null as varchar) as entity_id,
        cast(null as varchar) as side,
        cast(null as varchar) as counterparty_id,
        cast(null as date) as rating_date,
        cast(null as decimal(5, 2)) as external_score,
        cast(null as varchar) as external_class,
    where false
)

select * from final
