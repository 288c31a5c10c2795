-- grain: one row per entity, side, past month end and horizon
-- key: entity_id, side, forecast_date, horizon_weeks
-- sort: entity_id, side, forecast_date, horizon_weeks
-- question: How good would the cash forecast of past month ends have been?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   forecast_date: month end at which the forecast is made, from what was known then
--   horizon_weeks: 4 or 13 weeks after it
--   horizon_date: last day of them
--   open_amount: open at the date, credits deducted, currency of the entity
--   low_amount: forecast within the weeks where everybody pays late, currency of the entity
--   mid_amount: forecast within the weeks, currency of the entity
--   high_amount: forecast within the weeks where everybody pays early, currency of the entity
--   naive_amount: the same if all were paid on their due dates and what is overdue at once,
--     currency
--     of the entity
--   actual_amount: cash that settled documents open at the date, currency of the entity; null while
--     the weeks last
--   later_amount: cash that settled documents of after the date, which no forecast at the date can
--     know, currency of the entity; null while the weeks last
--   error_amount: mid_amount less actual_amount, currency of the entity
--   error_ratio: error_amount / actual_amount; 0.1: ten per cent too high
--   naive_error_amount: naive_amount less actual_amount, currency of the entity
--   naive_error_ratio: naive_error_amount / actual_amount
--   is_within: actual_amount lies between low_amount and high_amount
-- decisions: 17, 36
with

accuracy as (
    select * from int_cash_forecast_accuracy
    where scope_id <> 'group'
),

final as (
    select
        scope_id as entity_id,
        side,
        forecast_date,
        horizon_weeks,
        horizon_date,
        open_amount,
        low_amount,
        mid_amount,
        high_amount,
        naive_amount,
        actual_amount,
        later_amount,
        error_amount,
        error_ratio,
        naive_error_amount,
        naive_error_ratio,
        is_within,
    from accuracy
)

select * from final
