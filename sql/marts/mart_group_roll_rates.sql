-- grain: one row per side and step of 30 days overdue
-- key: side, from_bucket
-- sort: side, from_order
-- question: How much of what is late gets later month after month in the whole group?
-- materialized: view
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   from_bucket: step of 30 days overdue, whatever the buckets of the reports are
--   from_order: order of the step
--   to_bucket: the next step, a month later; null for the last one
--   month_count: months of the average, at most twelve
--   roll_ratio: mean of the monthly ratios, at most 1, from 0 to 1; null where nothing is known
--   loss_ratio: product of the roll ratios from this step on x the loss given default, 0 to 1;
--     null where a step has no experience, and for a side without a loss given default
-- decisions: 15, 17, 34
with

rates as (
    select * from int_roll_rates
    where scope_id = 'group'
),

final as (
    select
        scope_id as entity_id,
        side,
        from_bucket,
        cast(roll_no as integer) as from_order,
        to_bucket,
        month_count,
        cast(roll_ratio as decimal(9, 6)) as roll_ratio,
        cast(loss_ratio as decimal(9, 6)) as loss_ratio,
    from rates
)

select * from final
