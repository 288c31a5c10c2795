-- grain: one row per entity, segment and bucket of the provision matrix that is not empty
-- key: entity_id, segment, bucket
-- question: Which loss is expected, with and without the customers of the group?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   segment: segment of the matrix; doubtful for 416
--   bucket: bucket of days overdue; doubtful for 416
--   bucket_order: order of the bucket
--   open_amount: debits less credits
--   exposure_amount: open debits
--   item_count: open items
--   outside_open_amount: open_amount without intercompany
--   outside_exposure_amount: exposure_amount without intercompany
--   outside_item_count: item_count without intercompany
--   loss_ratio: before the forward-looking factor; null where no rate is known
--   forward_looking_factor: by which it is multiplied
--   applied_ratio: rate of the cell; null where no rate is known
--   rate_source: reference, roll_rates, worst_bucket, allowance (491 for 416) or none
--   loss_amount: exposure_amount × applied_ratio, rounded; for 416 the balance of 491 where
--     provision_rates.csv has no rate; null where no rate is known
--   outside_loss_amount: the same without intercompany
-- decisions: 39
with

exposures as (
    select
        entity_no,
        segment,
        bucket_order,
        sum(open_amount) as open_amount,
        sum(exposure_amount) as exposure_amount,
        sum(item_count) as item_count,
        coalesce(sum(open_amount) filter (where not is_intercompany), 0) as outside_open_amount,
        coalesce(sum(exposure_amount) filter (where not is_intercompany), 0)
            as outside_exposure_amount,
        coalesce(sum(item_count) filter (where not is_intercompany), 0) as outside_item_count,
    from int_credit_exposure
    group by entity_no, segment, bucket_order
),

entities as (
    select * from project_entities
),

rates as (
    select * from int_loss_rates
),

doubtful_rates as (
    select
        max(rate) / 100 as loss_ratio,
        coalesce(max(forward_looking_factor), 1) as factor,
    from ref_provision_rates
    where bucket = 'doubtful' and segment = 'all'
),

allowances as (
    select
        entity_id,
        sum(amount) as allowance_amount,
    from int_provisions
    where kind in ('opening', 'allowance')
    group by entity_id
),

ledgers as (
    select entity_no from int_entities
    where has_ledger
),

rated as (
    select
        entities.entity_id,
        exposures.*,
        exposures.segment = 'doubtful' as is_doubtful,
        case when exposures.segment = 'doubtful' then 'doubtful' else rates.bucket end as bucket,
        case when exposures.segment = 'doubtful' then doubtful_rates.loss_ratio
            else rates.loss_ratio end as loss_ratio,
        case when exposures.segment = 'doubtful' then doubtful_rates.factor
            else rates.forward_looking_factor end as forward_looking_factor,
        case
            when exposures.segment <> 'doubtful' then rates.applied_ratio
            when doubtful_rates.loss_ratio is not null
                then least(1, doubtful_rates.loss_ratio * doubtful_rates.factor)
        end as applied_ratio,
        case
            when exposures.segment <> 'doubtful' then rates.rate_source
            when doubtful_rates.loss_ratio is not null then 'reference'
            when ledgers.entity_no is not null then 'allowance'
            else 'none'
        end as rate_source,
        coalesce(allowances.allowance_amount, 0) as allowance_amount,
    from exposures
    cross join doubtful_rates
    inner join entities on entities.entity_no = exposures.entity_no
    left join rates
        on rates.entity_no = exposures.entity_no
        and rates.segment = exposures.segment
        and rates.bucket_order = exposures.bucket_order
    left join allowances on allowances.entity_id = entities.entity_id
    left join ledgers on ledgers.entity_no = exposures.entity_no
),

final as (
    select
        entity_id,
        segment,
        bucket,
        bucket_order,
        cast(open_amount as decimal(18, 2)) as open_amount,
        cast(exposure_amount as decimal(18, 2)) as exposure_amount,
        cast(item_count as bigint) as item_count,
        cast(outside_open_amount as decimal(18, 2)) as outside_open_amount,
        cast(outside_exposure_amount as decimal(18, 2)) as outside_exposure_amount,
        cast(outside_item_count as bigint) as outside_item_count,
        cast(loss_ratio as decimal(9, 6)) as loss_ratio,
        cast(forward_looking_factor as decimal(9, 6)) as forward_looking_factor,
        cast(applied_ratio as decimal(9, 6)) as applied_ratio,
        rate_source,
        case
            when rate_source = 'allowance' then cast(allowance_amount as decimal(18, 2))
            else cast(exposure_amount * cast(applied_ratio as decimal(9, 6)) as decimal(18, 2))
        end as loss_amount,
        case
            when rate_source = 'allowance' then cast(allowance_amount as decimal(18, 2))
            else cast(
                outside_exposure_amount * cast(applied_ratio as decimal(9, 6)) as decimal(18, 2)
            )
        end as outside_loss_amount,
    from rated
)

select * from final
