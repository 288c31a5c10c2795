-- grain: one row per side and period: thirteen weeks, later, not expected
-- key: side, period_no
-- sort: side, period_no
-- question: How much money does the group expect from outside in each of the next thirteen weeks?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   period_no: week 1 to 13, 14 for later, 15 for what is not expected
--   period: week, later or not_expected
--   week_start_date: Monday of the week, null for the other periods
--   week_end_date: Sunday of the week
--   is_partial: the as-of date lies within the week: only the days after it count
--   low_amount: expected where everybody pays late, open credits set off, currency of the group
--   mid_amount: expected, open credits set off, currency of the group
--   high_amount: expected where everybody pays early, open credits set off, currency of the group
--   item_amount: open items that are expected then, before open credits, currency of the group
--   credit_amount: open credits that are set off against them, negative, currency of the group;
--     in the period not_expected the credits that nothing is left to set off against
--   item_count: these items, a promised part counted apart
-- decisions: 17, 35
with

forecast as (
    select * from int_cash_forecast
    where scope_id = 'group'
),

final as (
    select
        scope_id as entity_id,
        side,
        period_no,
        period,
        week_start_date,
        week_end_date,
        is_partial,
        low_amount,
        mid_amount,
        high_amount,
        item_amount,
        credit_amount,
        item_count,
    from forecast
)

select * from final
