-- grain: one row per number of days overdue, cut at both ends
-- key: overdue_days
-- question: Which ageing bucket does a number of days fall into?
-- materialized: table
-- columns:
--   overdue_days: from -1 (not due yet) to one day beyond the last boundary
--   bucket_order: order of the bucket
--   ageing_bucket: name of the bucket
--   is_overdue: past due
--   last_days: largest overdue_days of this table
-- decisions: 14
with

buckets as (
    select * from ref_ageing_buckets
),

bounds as (
    select max(coalesce(from_days, to_days)) + 1 as last_days
    from buckets
),

days as (
    select
        cast(unnest(range(-1, last_days + 1)) as integer) as overdue_days,
        last_days,
    from bounds
),

final as (
    select
        days.overdue_days,
        cast(buckets.bucket_order as integer) as bucket_order,
        buckets.ageing_bucket,
        buckets.is_overdue,
        cast(days.last_days as integer) as last_days,
    from days
    inner join buckets
        on (buckets.from_days is not null or buckets.to_days is not null)
        and (buckets.from_days is null or days.overdue_days >= buckets.from_days)
        and (buckets.to_days is null or days.overdue_days <= buckets.to_days)
)

select * from final
