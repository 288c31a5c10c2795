-- grain: one row per entity, side, counterparty and bucket of days since the invoice, if not empty
-- key: entity_id, side, counterparty_id, ageing_bucket
-- sort: entity_id, side, counterparty_id, bucket_order
-- question: Who owes what, and how long ago was it invoiced?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   ageing_bucket: bucket of days since the date of the document
--   bucket_order: order of the bucket
--   open_amount: debits less credits, currency of the entity, positive in the direction of the side
--   debit_amount: open items in the normal direction of the side, currency of the entity
--   credit_amount: open credits, negative, currency of the entity
--   item_count: open items
-- decisions: 12, 33
with

ages as (
    select * from int_open_item_ages
),

accounts as (
    select * from int_accounts
),

final as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.counterparty_id,
        ages.ageing_bucket,
        ages.bucket_order,
        cast(sum(ages.open_amount) as decimal(18, 2)) as open_amount,
        cast(sum(greatest(ages.open_amount, 0)) as decimal(18, 2)) as debit_amount,
        cast(sum(least(ages.open_amount, 0)) as decimal(18, 2)) as credit_amount,
        count(*) as item_count,
    from ages
    inner join accounts on accounts.account_key = ages.account_key
    group by
        accounts.entity_id, accounts.side, accounts.counterparty_id,
        ages.ageing_bucket, ages.bucket_order
)

select * from final
