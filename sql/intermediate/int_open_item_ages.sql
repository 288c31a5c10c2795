-- grain: one row per item of the ageing that is open at the as-of date
-- key: item_key
-- question: How many days ago was each open item issued?
-- materialized: view
-- columns:
--   item_key: the item
--   account_key: third-party account
--   bucket_order: order of the bucket of days since the invoice
--   ageing_bucket: name of the bucket of days since the invoice
--   issue_age_days: days since the date of the document; null where the age is not known
--   open_amount: positive in the normal direction of the side
-- decisions: 12, 33
with

open_items as (
    select * from int_open_items
    where is_aged
),

items as (
    select
        item_key,
        issue_date,
        is_age_unknown,
        item_type = 'opening' and issue_date >= movement_date as is_issue_unknown,
    from int_items
),

buckets as (
    select * from ref_invoice_age_buckets
),

aged as (
    select
        open_items.item_key,
        open_items.account_key,
        open_items.open_amount,
        case when not items.is_age_unknown and not items.is_issue_unknown
            then cast(params.as_of - items.issue_date as integer) end as issue_age_days,
    from open_items
    cross join params
    inner join items on items.item_key = open_items.item_key
),

-- one row per number of days: few, so that the boundaries are compared once each
days as (
    select distinct issue_age_days
    from aged
),

-- an age falls into one bucket; a check says so
bucket_days as (
    select
        days.issue_age_days,
        buckets.bucket_order,
        buckets.ageing_bucket,
    from days
    inner join buckets
        on case
            when days.issue_age_days is null
                or (buckets.from_days is null and buckets.to_days is null)
                then days.issue_age_days is null
                and buckets.from_days is null
                and buckets.to_days is null
            else (buckets.from_days is null or days.issue_age_days >= buckets.from_days)
                and (buckets.to_days is null or days.issue_age_days <= buckets.to_days)
        end
),

final as (
    select
        aged.item_key,
        aged.account_key,
        bucket_days.bucket_order,
        bucket_days.ageing_bucket,
        aged.issue_age_days,
        aged.open_amount,
    from aged
    inner join bucket_days
        on bucket_days.issue_age_days is not distinct from aged.issue_age_days
)

select * from final
