-- grain: one row per segment and bucket of the provision matrix that is not empty
-- key: segment, bucket
-- sort: segment, bucket_order
-- question: Which loss is the group to expect on what is owed from outside?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: always customer
--   segment: segment of the matrix, see ecl_segments.csv; doubtful for 416
--   bucket: bucket of days overdue, see provision_buckets.csv; doubtful for 416
--   bucket_order: order of the bucket
--   open_amount: debits less credits, currency of the group
--   exposure_amount: open debits, currency of the group
--   credit_amount: open credits, negative, not netted, currency of the group
--   item_count: open items
--   applied_ratio: expected_loss_amount / exposure_amount: each entity has rates of its own; null
--     where a rate is missing
--   expected_loss_amount: sum of the entities, currency of the group; null where a rate is missing
--   intercompany_exposure_amount: open debits left out, currency of the group
--   intercompany_loss_amount: loss on them, left out, currency of the group
-- decisions: 17, 39
with

losses as (
    select int_expected_losses.*
    from int_expected_losses
    inner join project_entities on project_entities.entity_id = int_expected_losses.entity_id
    cross join params
    where project_entities.currency = params.currency
),

summed as (
    select
        segment,
        bucket,
        bucket_order,
        sum(outside_open_amount) as open_amount,
        sum(outside_exposure_amount) as exposure_amount,
        sum(outside_item_count) as item_count,
        sum(exposure_amount - outside_exposure_amount) as intercompany_exposure_amount,
        case when count(outside_loss_amount) = count(*) then sum(outside_loss_amount) end
            as loss_amount,
        sum(loss_amount - outside_loss_amount) as intercompany_loss_amount,
    from losses
    group by segment, bucket, bucket_order
),

final as (
    select
        'group' as entity_id,
        'customer' as side,
        segment,
        bucket,
        bucket_order,
        cast(open_amount as decimal(18, 2)) as open_amount,
        cast(exposure_amount as decimal(18, 2)) as exposure_amount,
        cast(open_amount - exposure_amount as decimal(18, 2)) as credit_amount,
        cast(item_count as bigint) as item_count,
        cast(case when exposure_amount > 0 then loss_amount / exposure_amount end
            as decimal(9, 6)) as applied_ratio,
        cast(loss_amount as decimal(18, 2)) as expected_loss_amount,
        cast(intercompany_exposure_amount as decimal(18, 2)) as intercompany_exposure_amount,
        cast(coalesce(intercompany_loss_amount, 0) as decimal(18, 2)) as intercompany_loss_amount,
    from summed
)

select * from final
