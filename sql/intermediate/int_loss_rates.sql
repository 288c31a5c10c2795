-- grain: one row per entity, segment and bucket of the provision matrix
-- key: entity_no, segment, bucket_order
-- question: Which part of each cell of the provision matrix is expected to be lost?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   segment: segment of the matrix
--   bucket_order: order of the bucket
--   bucket: name of the bucket
--   loss_ratio: before the forward-looking factor, from 0 to 1; null where no rate is known
--   forward_looking_factor: by which it is multiplied
--   applied_ratio: loss_ratio × factor, 1 at most
--   rate_source: reference, roll_rates, worst_bucket (unknown age) or none
-- decisions: 39
with

buckets as (
    select
        *,
        from_days is null and to_days is null as is_unknown,
        least(7, (coalesce(from_days, 0) + 29) // 30) as step_no,
    from ref_provision_buckets
),

given as (
    select * from ref_provision_rates
),

experience as (
    select
        entities.entity_no,
        rates.roll_no as step_no,
        rates.loss_ratio,
    from int_roll_rates as rates
    inner join project_entities as entities on entities.entity_id = rates.scope_id
    where rates.side = 'customer'
),

cells as (
    select
        entities.entity_no,
        segments.segment,
        buckets.bucket_order,
        buckets.bucket,
        buckets.is_unknown,
        buckets.step_no,
    from project_entities as entities
    cross join (
        select segment from ref_ecl_segments
        union
        select 'all' as segment
    ) as segments
    cross join buckets
),

found as (
    select
        cells.entity_no,
        cells.segment,
        cells.bucket_order,
        cells.bucket,
        cells.is_unknown,
        coalesce(own.rate, common.rate) / 100 as given_ratio,
        case when not cells.is_unknown then experience.loss_ratio end as experience_ratio,
        coalesce(own.forward_looking_factor, common.forward_looking_factor, 1)
            as forward_looking_factor,
    from cells
    left join given as own
        on own.segment = cells.segment
        and own.bucket = cells.bucket
    left join given as common
        on common.segment = 'all'
        and common.bucket = cells.bucket
    left join experience
        on experience.entity_no = cells.entity_no
        and experience.step_no = cells.step_no
),

worst as (
    select
        entity_no,
        segment,
        max(coalesce(given_ratio, experience_ratio)) as worst_ratio,
    from found
    where not is_unknown
    group by entity_no, segment
),

rated as (
    select
        found.*,
        case
            when found.given_ratio is not null then found.given_ratio
            when found.is_unknown then worst.worst_ratio
            else found.experience_ratio
        end as loss_ratio,
        case
            when found.given_ratio is not null then 'reference'
            when found.is_unknown and worst.worst_ratio is not null then 'worst_bucket'
            when found.experience_ratio is not null then 'roll_rates'
            else 'none'
        end as rate_source,
    from found
    left join worst
        on worst.entity_no = found.entity_no
        and worst.segment = found.segment
),

final as (
    select
        entity_no,
        segment,
        bucket_order,
        bucket,
        cast(loss_ratio as decimal(9, 6)) as loss_ratio,
        forward_looking_factor,
        -- least() of a null would be 1
        case when loss_ratio is not null
            then cast(least(1, loss_ratio * forward_looking_factor) as decimal(9, 6)) end
            as applied_ratio,
        rate_source,
    from rated
)

select * from final
