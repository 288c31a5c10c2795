-- grain: one row per side, month end and ageing bucket that is not empty
-- key: side, month_end_date, ageing_bucket
-- sort: side, month_end_date, bucket_order
-- question: How did the ageing of the group move, without what its entities owe one another?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   month_end_date: end of the month; the as-of date for the month that holds it
--   ageing_bucket: bucket of days overdue at that date
--   bucket_order: order of the bucket
--   open_amount: debits less credits, currency of the group, positive in the direction of the side
--   debit_amount: open items in the normal direction of the side, currency of the group
--   credit_amount: open credits, negative, currency of the group
--   item_count: open items
--   intercompany_amount: debits less credits left out, currency of the group
-- decisions: 14, 15, 17
with

month_balances as (
    select * from int_month_balances
),

accounts as (
    select int_accounts.*
    from int_accounts
    inner join project_entities on project_entities.entity_no = int_accounts.entity_no
    cross join params
    where project_entities.currency = params.currency
),

buckets as (
    select * from ref_ageing_buckets
),

split as (
    select
        accounts.side,
        month_balances.month_end_date,
        buckets.ageing_bucket,
        month_balances.bucket_order,
        accounts.is_intercompany,
        sum(month_balances.open_amount) as open_amount,
        sum(month_balances.debit_amount) as debit_amount,
        sum(month_balances.credit_amount) as credit_amount,
        sum(month_balances.item_count) as item_count,
    from month_balances
    inner join accounts on accounts.account_key = month_balances.account_key
    inner join buckets on buckets.bucket_order = month_balances.bucket_order
    group by all
),

final as (
    select
        'group' as entity_id,
        side,
        month_end_date,
        ageing_bucket,
        bucket_order,
        cast(coalesce(sum(open_amount) filter (where not is_intercompany), 0) as decimal(18, 2))
            as open_amount,
        cast(coalesce(sum(debit_amount) filter (where not is_intercompany), 0) as decimal(18, 2))
            as debit_amount,
        cast(coalesce(sum(credit_amount) filter (where not is_intercompany), 0) as decimal(18, 2))
            as credit_amount,
        cast(coalesce(sum(item_count) filter (where not is_intercompany), 0) as bigint)
            as item_count,
        cast(coalesce(sum(open_amount) filter (where is_intercompany), 0) as decimal(18, 2))
            as intercompany_amount,
    from split
    group by side, month_end_date, ageing_bucket, bucket_order
)

select * from final
