-- grain: one row per entity, segment and bucket of the provision matrix that is not empty
-- key: entity_id, segment, bucket
-- sort: entity_id, segment, bucket_order
-- question: Which loss is to be expected on what customers owe (IFRS 9, provision matrix)?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: always customer
--   segment: segment of the matrix, see ecl_segments.csv; doubtful for 416
--   bucket: bucket of days overdue, see provision_buckets.csv; doubtful for 416
--   bucket_order: order of the bucket
--   open_amount: debits less credits, currency of the entity
--   exposure_amount: open debits, to which the rate applies, currency of the entity
--   credit_amount: open credits, negative, not netted, currency of the entity
--   item_count: open items
--   loss_ratio: historical or given loss rate, 0 to 1; null where none is known
--   forward_looking_factor: adjustment by which it is multiplied
--   applied_ratio: loss_ratio × factor, 1 at most
--   rate_source: reference, roll_rates, worst_bucket (unknown age), allowance (491 for 416) or none
--   expected_loss_amount: exposure_amount × applied_ratio, currency of the entity; for 416 the
--     balance of 491 where no rate is given; null where no rate is known
-- decisions: 39
select
    entity_id,
    'customer' as side,
    segment,
    bucket,
    bucket_order,
    open_amount,
    exposure_amount,
    cast(open_amount - exposure_amount as decimal(18, 2)) as credit_amount,
    item_count,
    loss_ratio,
    forward_looking_factor,
    applied_ratio,
    rate_source,
    loss_amount as expected_loss_amount,
from int_expected_losses
