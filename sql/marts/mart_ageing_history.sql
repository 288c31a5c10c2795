-- grain: one row per entity, side, month end and ageing bucket that is not empty
-- key: entity_id, side, month_end_date, ageing_bucket
-- sort: entity_id, side, month_end_date, bucket_order
-- question: How did the ageing move over the last months?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   month_end_date: end of the month; the as-of date for the month that holds it
--   ageing_bucket: bucket of days overdue at that date
--   bucket_order: order of the bucket
--   open_amount: debits less credits, currency of the entity, positive in the direction of the side
--   debit_amount: open items in the normal direction of the side, currency of the entity
--   credit_amount: open credits, negative, currency of the entity
--   item_count: open items
-- decisions: 14, 15
with

month_balances as (
    select * from int_month_balances
),

accounts as (
    select * from int_accounts
),

buckets as (
    select * from ref_ageing_buckets
),

final as (
    select
        accounts.entity_id,
        accounts.side,
        month_balances.month_end_date,
        buckets.ageing_bucket,
        month_balances.bucket_order,
        cast(sum(month_balances.open_amount) as decimal(18, 2)) as open_amount,
        cast(sum(month_balances.debit_amount) as decimal(18, 2)) as debit_amount,
        cast(sum(month_balances.credit_amount) as decimal(18, 2)) as credit_amount,
        cast(sum(month_balances.item_count) as bigint) as item_count,
    from month_balances
    inner join accounts on accounts.account_key = month_balances.account_key
    inner join buckets on buckets.bucket_order = month_balances.bucket_order
    group by
        accounts.entity_id, accounts.side, month_balances.month_end_date,
        buckets.ageing_bucket, month_balances.bucket_order
)

select * from final
