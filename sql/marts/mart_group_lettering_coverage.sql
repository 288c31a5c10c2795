-- grain: one row per side that had credits
-- key: side
-- sort: side
-- question: The same for the group, without what its entities pay one another?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   credit_amount: payments, credit notes and other credits of the month of the as-of date and the
--     eleven before it, positive, currency of the group
--   lettered_amount: what of them is allocated to documents at the as-of date; first in first out
--     does not count, currency of the group
--   lettering_coverage_ratio: lettered_amount / credit_amount, 0 to 1
-- decisions: 30
with

lettering as (
    select * from int_lettering_months
    where month_no = 0
),

group_entities as (
    select project_entities.entity_id
    from project_entities
    cross join params
    where project_entities.currency = params.currency
),

final as (
    select
        'group' as entity_id,
        side,
        cast(sum(credit_amount) as decimal(18, 2)) as credit_amount,
        cast(sum(lettered_amount) as decimal(18, 2)) as lettered_amount,
        cast(sum(lettered_amount) / nullif(sum(credit_amount), 0) as decimal(9, 6))
            as lettering_coverage_ratio,
    from lettering
    where not is_intercompany and entity_id in (select entity_id from group_entities)
    group by side
)

select * from final
