-- severity: fail
-- sentence: These numbers of days overdue fall into no ageing bucket, or into several: mend
--   sql/ref/ageing_buckets.csv. An empty number: exactly one bucket without boundaries is
--   needed, for what has no known age.
with

days as (
    select unnest(range(-1, coalesce(max(greatest(from_days, to_days)), 0) + 2)) as overdue_days
    from ref_ageing_buckets
),

hits as (
    select
        days.overdue_days,
        count(ref_ageing_buckets.bucket_order) as bucket_count,
    from days
    left join ref_ageing_buckets
        on (ref_ageing_buckets.from_days is not null or ref_ageing_buckets.to_days is not null)
        and (ref_ageing_buckets.from_days is null
            or days.overdue_days >= ref_ageing_buckets.from_days)
        and (ref_ageing_buckets.to_days is null
            or days.overdue_days <= ref_ageing_buckets.to_days)
    group by days.overdue_days
)

select
    overdue_days,
    bucket_count,
from hits
where bucket_count <> 1
union all
select
    null as overdue_days,
    count(*) as bucket_count,
from ref_ageing_buckets
where from_days is null and to_days is null
having count(*) <> 1
