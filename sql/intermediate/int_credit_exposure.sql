-- grain: one row per entity, segment, whether the customer belongs to the group, and bucket
-- key: entity_no, segment, is_intercompany, bucket_order
-- question: What is open at the as-of date in each cell of the provision matrix?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   segment: segment of the matrix; doubtful for 416
--   is_intercompany: the customer belongs to the group
--   bucket_order: order of the bucket; 1000 for 416
--   open_amount: debits less credits
--   exposure_amount: open debits
--   item_count: open items
-- decisions: 39
with

open_items as (
    select * from int_open_items
    where is_aged
),

buckets as (
    select * from ref_provision_buckets
),

accounts as (
    select * from int_accounts
    where side = 'customer'
),

known as (
    select * from stg_erp__counterparties
    where side = 'customer'
),

segments as (
    select * from ref_ecl_segments
),

other_countries as (
    select min(segment) as segment
    from segments
    where country is null
),

segmented as (
    select
        accounts.account_key,
        accounts.entity_no,
        accounts.is_intercompany,
        accounts.account_family = '416' as is_doubtful,
        case
            when accounts.account_family = '416' then 'doubtful'
            else coalesce(segments.segment, other_countries.segment, 'all')
        end as segment,
    from accounts
    cross join other_countries
    left join known
        on known.entity_no = accounts.entity_no
        and known.counterparty_id = accounts.counterparty_id
    left join segments on segments.country = known.country
),

-- few different numbers of days are left to be put into a bucket
days as (
    select
        open_items.account_key,
        -- a retention has no due date and a known age: it is not due
        case
            when open_items.overdue_days is null
                and open_items.ageing_bucket in (
                    select ageing_bucket from ref_ageing_buckets
                    where from_days is null and to_days is null
                )
                then null
            else coalesce(open_items.overdue_days, -1)
        end as overdue_days,
        sum(open_items.open_amount) as open_amount,
        sum(greatest(open_items.open_amount, 0)) as exposure_amount,
        count(*) as item_count,
    from open_items
    group by all
),

summed as (
    select
        segmented.entity_no,
        segmented.segment,
        segmented.is_intercompany,
        segmented.is_doubtful,
        days.overdue_days,
        sum(days.open_amount) as open_amount,
        sum(days.exposure_amount) as exposure_amount,
        sum(days.item_count) as item_count,
    from days
    inner join segmented on segmented.account_key = days.account_key
    group by all
),

final as (
    select
        summed.entity_no,
        summed.segment,
        summed.is_intercompany,
        cast(case when summed.is_doubtful then 1000 else buckets.bucket_order end as integer)
            as bucket_order,
        cast(sum(summed.open_amount) as decimal(18, 2)) as open_amount,
        cast(sum(summed.exposure_amount) as decimal(18, 2)) as exposure_amount,
        cast(sum(summed.item_count) as bigint) as item_count,
    from summed
    left join buckets
        on case
            when summed.overdue_days is null
                then buckets.from_days is null and buckets.to_days is null
            else (buckets.from_days is not null or buckets.to_days is not null)
                and summed.overdue_days >= coalesce(buckets.from_days, summed.overdue_days)
                and summed.overdue_days <= coalesce(buckets.to_days, summed.overdue_days)
        end
    group by all
)

select * from final
