-- severity: fail
-- sentence: These numbers of days since the invoice fall into no bucket, or into several: mend
--   sql/ref/invoice_age_buckets.csv. An empty number: exactly one bucket without boundaries is
--   needed, for what has no known age.
with

days as (
    select unnest(range(-1, coalesce(max(greatest(from_days, to_days)), 0) + 2)) as issue_age_days
    from ref_invoice_age_buckets
),

hits as (
    select
        days.issue_age_days,
        count(ref_invoice_age_buckets.bucket_order) as bucket_count,
    from days
    left join ref_invoice_age_buckets
        on (ref_invoice_age_buckets.from_days is not null
            or ref_invoice_age_buckets.to_days is not null)
        and (ref_invoice_age_buckets.from_days is null
            or days.issue_age_days >= ref_invoice_age_buckets.from_days)
        and (ref_invoice_age_buckets.to_days is null
            or days.issue_age_days <= ref_invoice_age_buckets.to_days)
    group by days.issue_age_days
)

select
    issue_age_days,
    bucket_count,
from hits
where bucket_count <> 1
union all
select
    null as issue_age_days,
    count(*) as bucket_count,
from ref_invoice_age_buckets
where from_days is null and to_days is null
having count(*) <> 1
