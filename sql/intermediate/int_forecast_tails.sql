-- grain: one row per forecast date, entity, side and number of days that an item is beyond what is
--   expected of its counterparty, where it is still expected to be paid
-- key: forecast_no, entity_no, side, reached_days
-- question: How much later than expected is an item paid that is not paid yet?
-- materialized: table
-- columns:
--   forecast_no: forecast date, see int_forecast_dates
--   entity_no: rank of the entity
--   side: customer or supplier
--   reached_days: days beyond the expected date at the forecast date, from -121 (any less) to 240
--   early_days: days beyond the expected date at which the early share of what was still open then
--     had been paid
--   mid_days: the same for the middle share
--   late_days: the same for the late share
-- decisions: 35
with

dates as (
    select * from int_forecast_dates
),

errors as (
    select * from int_delay_errors
),

rules as (
    select * from int_forecast_rules
),

paid as (
    select
        dates.forecast_no,
        errors.entity_no,
        errors.side,
        errors.error_days,
        sum(errors.paid_amount) as paid_amount,
    from errors
    cross join rules
    inner join dates
        on errors.quarter_no <= dates.known_quarter_no
        and errors.quarter_no > dates.known_quarter_no - rules.history_quarters
    group by dates.forecast_no, errors.entity_no, errors.side, errors.error_days
),

-- what is paid later than so many days
steps as (
    select
        forecast_no,
        entity_no,
        side,
        error_days,
        coalesce(sum(paid_amount) over (
            partition by forecast_no, entity_no, side
            order by error_days desc
            rows between unbounded preceding and 1 preceding
        ), 0) as later_amount,
        sum(paid_amount) over (partition by forecast_no, entity_no, side) as whole_amount,
    from paid
    union all
    select
        forecast_no,
        entity_no,
        side,
        -121 as error_days,
        sum(paid_amount) as later_amount,
        sum(paid_amount) as whole_amount,
    from paid
    group by forecast_no, entity_no, side
),

reached as (
    select
        heads.forecast_no,
        heads.entity_no,
        heads.side,
        days.reached_days,
    from (select distinct forecast_no, entity_no, side from paid) as heads
    cross join (select cast(unnest(range(-121, 241)) as integer) as reached_days) as days
),

-- of what is still open after so many days, the amount that is paid after the early date, and so on
targets as (
    select
        reached.*,
        cast(steps.later_amount * (100 - rules.early_percent) as decimal(28, 2)) as after_early,
        cast(steps.later_amount * (100 - rules.mid_percent) as decimal(28, 2)) as after_mid,
        cast(steps.later_amount * (100 - rules.late_percent) as decimal(28, 2)) as after_late,
    from reached
    cross join rules
    asof inner join steps
        on steps.forecast_no = reached.forecast_no
        and steps.entity_no = reached.entity_no
        and steps.side = reached.side
        and steps.error_days <= reached.reached_days
    where
        steps.later_amount > 0
        and steps.later_amount * 100 >= steps.whole_amount * rules.tail_percent
),

scaled as (
    select
        forecast_no,
        entity_no,
        side,
        error_days,
        cast(later_amount * 100 as decimal(28, 2)) as later_amount,
    from steps
),

final as (
    select
        targets.forecast_no,
        targets.entity_no,
        targets.side,
        targets.reached_days,
        early.error_days as early_days,
        mid.error_days as mid_days,
        late.error_days as late_days,
    from targets
    asof inner join scaled as early
        on early.forecast_no = targets.forecast_no
        and early.entity_no = targets.entity_no
        and early.side = targets.side
        and early.later_amount <= targets.after_early
    asof inner join scaled as mid
        on mid.forecast_no = targets.forecast_no
        and mid.entity_no = targets.entity_no
        and mid.side = targets.side
        and mid.later_amount <= targets.after_mid
    asof inner join scaled as late
        on late.forecast_no = targets.forecast_no
        and late.entity_no = targets.entity_no
        and late.side = targets.side
        and late.later_amount <= targets.after_late
)

select * from final
