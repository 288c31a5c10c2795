-- grain: one row per entity and side that had credits
-- key: entity_id, side
-- sort: entity_id, side
-- question: How much of what customers paid is matched with what it pays?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   credit_amount: payments, credit notes and other credits of the month of the as-of date and the
--     eleven before it, positive, currency of the entity
--   lettered_amount: what of them is allocated to documents at the as-of date; first in first out
--     does not count, currency of the entity
--   lettering_coverage_ratio: lettered_amount / credit_amount, 0 to 1
-- decisions: 30
with

lettering as (
    select * from int_lettering_months
    where month_no = 0
),

final as (
    select
        entity_id,
        side,
        cast(sum(credit_amount) as decimal(18, 2)) as credit_amount,
        cast(sum(lettered_amount) as decimal(18, 2)) as lettered_amount,
        cast(sum(lettered_amount) / nullif(sum(credit_amount), 0) as decimal(9, 6))
            as lettering_coverage_ratio,
    from lettering
    group by entity_id, side
)

select * from final
