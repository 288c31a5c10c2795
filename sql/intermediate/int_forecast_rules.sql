-- grain: one row
-- key: history_quarters
-- question: What does the cash forecast rest on?
-- materialized: view
-- columns:
--   history_quarters: quarters of payments that tell how late a counterparty pays
--   pooling_payments: payments at which a counterparty's own delay weighs as much as that of all
--   early_percent: share of the amounts that comes earlier than the early date, per cent
--   mid_percent: the same for the middle date
--   late_percent: the same for the late date
--   tail_percent: an item that is so late that less than this share was ever paid as late is not
--     expected any more, per cent
--   disputed_days: added to the dates of a disputed item; null: not expected
--   doubtful_days: added to the dates of an item on a doubtful account; null: not expected
-- decisions: 35
with

final as (
    select
        max(value) filter (where rule = 'history_quarters') as history_quarters,
        max(value) filter (where rule = 'pooling_payments') as pooling_payments,
        max(value) filter (where rule = 'early_percent') as early_percent,
        max(value) filter (where rule = 'mid_percent') as mid_percent,
        max(value) filter (where rule = 'late_percent') as late_percent,
        max(value) filter (where rule = 'tail_percent') as tail_percent,
        max(value) filter (where rule = 'disputed_days') as disputed_days,
        max(value) filter (where rule = 'doubtful_days') as doubtful_days,
    from ref_cash_forecast_rules
)

select * from final
