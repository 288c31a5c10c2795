-- grain: one row per item that is settled, in part or in full
-- key: item_key
-- question: How much of an item is settled, and between which dates?
-- materialized: scratch
-- columns:
--   item_key: the item
--   settled_amount: what is settled of it, positive
--   allocation_count: allocations that it is part of
--   first_settled_on: date of the first of them
--   last_settled_on: date of the last of them
--   is_estimated: rests on FIFO, not on lettering
-- decisions: 10
with

allocations as not materialized (
    select * from int_allocations
),

final as (
    select
        item_key,
        cast(sum(amount) as decimal(18, 2)) as settled_amount,
        cast(count(*) as integer) as allocation_count,
        min(allocation_date) as first_settled_on,
        max(allocation_date) as last_settled_on,
        bool_or(is_estimated) as is_estimated,
    from (
        select
            debit_key as item_key,
            amount,
            allocation_date,
            match_method = 'estimated_fifo' as is_estimated,
        from allocations
        union all
        select
            credit_key as item_key,
            amount,
            allocation_date,
            match_method = 'estimated_fifo' as is_estimated,
        from allocations
    )
    group by item_key
)

select * from final
