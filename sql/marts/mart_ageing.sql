-- grain: one row per entity, side, counterparty and ageing bucket that is not empty
-- key: entity_id, side, counterparty_id, ageing_bucket
-- sort: entity_id, side, counterparty_id, bucket_order
-- question: Who owes what, and for how long?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   ageing_bucket: bucket of days overdue
--   bucket_order: order of the bucket
--   open_amount: debits less credits, currency of the entity, positive in the direction of the side
--   debit_amount: open items in the normal direction of the side, currency of the entity
--   credit_amount: open credits, negative, currency of the entity
--   item_count: open items
--   oldest_overdue_days: days overdue of the oldest overdue item in the direction of the side
-- decisions: 12, 14
with

open_items as (
    select * from int_open_items
    where is_aged
),

accounts as (
    select * from int_accounts
),

final as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.counterparty_id,
        open_items.ageing_bucket,
        open_items.bucket_order,
        cast(sum(open_items.open_amount) as decimal(18, 2)) as open_amount,
        cast(sum(greatest(open_items.open_amount, 0)) as decimal(18, 2)) as debit_amount,
        cast(sum(least(open_items.open_amount, 0)) as decimal(18, 2)) as credit_amount,
        count(*) as item_count,
        max(open_items.overdue_days) filter (
            where open_items.is_overdue and open_items.open_amount > 0
        ) as oldest_overdue_days,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
    group by
        accounts.entity_id, accounts.side, accounts.counterparty_id,
        open_items.ageing_bucket, open_items.bucket_order
)

select * from final
