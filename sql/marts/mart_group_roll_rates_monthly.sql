-- grain: one row per side, month and step of 30 days that held something
-- key: side, month_end_date, from_bucket
-- sort: side, month_end_date, from_order
-- question: How much of each step of 30 days got later in the group, month after month?
-- materialized: view
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   month_end_date: last day of a month that is over; the latest twelve
--   from_bucket: step of 30 days overdue at the end of the month before
--   from_order: order of the step
--   to_bucket: the next step, at the end of the month; 181+ counts what is newly there
--   from_amount: open items of from_bucket at the end of the month before, currency of the group
--   to_amount: open items of to_bucket at the end of the month, currency of the group
--   roll_ratio: to_amount / from_amount, may exceed 1; null where from_amount is zero
-- decisions: 15, 17, 34
with

steps as (
    select * from int_roll_steps
    where scope_id = 'group'
),

names as (
    select distinct
        roll_no,
        from_bucket,
        to_bucket,
    from int_roll_rates
),

final as (
    select
        steps.scope_id as entity_id,
        steps.side,
        steps.month_end_date,
        names.from_bucket,
        cast(steps.roll_no as integer) as from_order,
        names.to_bucket,
        steps.from_amount,
        steps.to_amount,
        cast(steps.roll_ratio as decimal(24, 6)) as roll_ratio,
    from steps
    inner join names on names.roll_no = steps.roll_no
)

select * from final
