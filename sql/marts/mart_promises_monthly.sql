-- grain: one row per entity, customer and month in which a promise fell due
-- key: entity_id, counterparty_id, month_end_date
-- sort: entity_id, counterparty_id, month_end_date
-- question: How reliable are the promises of a customer?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   month_end_date: end of the month of the promised date
--   due_count: promises whose deadline has passed
--   kept_count: of these, kept
--   due_amount: promised amounts of these, currency of the entity
--   kept_amount: promised amounts of those kept, currency of the entity
--   kept_ratio: kept_count / due_count, 0 to 1
--   kept_amount_ratio: kept_amount / due_amount, 0 to 1
-- decisions: 44
with

promises as (
    select
        *,
        last_day(promised_date) as month_end_date,
    from mart_promises
    where is_due
),

summed as (
    select
        entity_id,
        counterparty_id,
        month_end_date,
        count(*) as due_count,
        count(*) filter (where status = 'kept') as kept_count,
        sum(promised_amount) as due_amount,
        coalesce(sum(promised_amount) filter (where status = 'kept'), 0) as kept_amount,
    from promises
    group by entity_id, counterparty_id, month_end_date
),

final as (
    select
        entity_id,
        counterparty_id,
        month_end_date,
        due_count,
        kept_count,
        cast(due_amount as decimal(18, 2)) as due_amount,
        cast(kept_amount as decimal(18, 2)) as kept_amount,
        cast(kept_count / due_count as decimal(9, 6)) as kept_ratio,
        cast(kept_amount / nullif(due_amount, 0) as decimal(9, 6)) as kept_amount_ratio,
    from summed
)

select * from final
