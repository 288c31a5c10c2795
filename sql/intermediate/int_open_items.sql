-- grain: one row per item that is open at the as-of date
-- key: item_key
-- question: What is open at the as-of date, and how old is it?
-- materialized: view
-- columns:
--   item_key: the item
--   account_key: third-party account
--   is_aged: part of the open amount and of the ageing
--   overdue_days: days past due, negative before; null where the age is not known
--   bucket_order: order of the ageing bucket
--   ageing_bucket: name of the ageing bucket
--   is_overdue: past due
--   open_amount: positive in the normal direction of the side
-- decisions: 12, 14
with

balances as (
    select
        int_item_balances.*,
        params.as_of,
    from int_item_balances
    cross join params
    where
        int_item_balances.valid_from <= params.as_of
        and (int_item_balances.valid_to is null or int_item_balances.valid_to > params.as_of)
),

bucket_days as (
    select * from int_bucket_days
),

unknown_bucket as (
    select
        bucket_order,
        ageing_bucket,
    from ref_ageing_buckets
    where from_days is null and to_days is null
),

last_day_no as (
    select max(last_days) as last_days from bucket_days
),

final as (
    select
        balances.item_key,
        balances.account_key,
        balances.is_aged,
        cast(balances.as_of - balances.due_date as integer) as overdue_days,
        coalesce(bucket_days.bucket_order, unknown_bucket.bucket_order) as bucket_order,
        coalesce(bucket_days.ageing_bucket, unknown_bucket.ageing_bucket) as ageing_bucket,
        coalesce(bucket_days.is_overdue, false) as is_overdue,
        balances.balance_amount as open_amount,
    from balances
    cross join unknown_bucket
    cross join last_day_no
    -- an item that is not due by nature (a retention) has no due date and a known age
    left join bucket_days
        on bucket_days.overdue_days = case
            when balances.is_age_unknown then null
            when balances.due_date is null then -1
            else greatest(-1, least(balances.as_of - balances.due_date, last_day_no.last_days))
        end
)

select * from final
