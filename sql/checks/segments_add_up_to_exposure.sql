-- severity: fail
-- sentence: The exposure of the segments or of the credit limits is not that of the customers.
with

exposures as (
    select
        entity_id,
        sum(exposure_amount) as exposure_amount,
        count(*) filter (where exposure_amount is null) as unknown_count,
    from mart_exposure
    group by entity_id
),

segments as (
    select
        entity_id,
        sum(exposure_amount) as exposure_amount,
        count(*) filter (where exposure_amount is null) as unknown_count,
    from mart_risk_segments
    where side = 'customer'
    group by entity_id
),

limits as (
    select
        entity_id,
        sum(exposure_amount) as exposure_amount,
        count(*) filter (where exposure_amount is null) as unknown_count,
    from mart_risk_limits
    group by entity_id
)

select
    coalesce(exposures.entity_id, segments.entity_id, limits.entity_id) as entity_id,
    exposures.exposure_amount as customers_amount,
    segments.exposure_amount as segments_amount,
    limits.exposure_amount as limits_amount,
from exposures
full join segments on segments.entity_id = exposures.entity_id
full join limits on limits.entity_id = coalesce(exposures.entity_id, segments.entity_id)
where
    coalesce(exposures.exposure_amount, 0) <> coalesce(segments.exposure_amount, 0)
    or coalesce(exposures.exposure_amount, 0) <> coalesce(limits.exposure_amount, 0)
    or coalesce(exposures.unknown_count, 0) <> coalesce(segments.unknown_count, 0)
    or coalesce(exposures.unknown_count, 0) <> coalesce(limits.unknown_count, 0)
