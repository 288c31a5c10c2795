-- grain: one row per date at which counterparties are scored: the as-of date and the twelve month
--   ends before it
-- key: month_no
-- question: At which dates are counterparties scored, and which windows end there?
-- materialized: view
-- columns:
--   month_no: 0 for the as-of date, 1 for the end of the month before, and so on
--   score_date: the date
--   after_3m: a window of three months begins after this date; it ends with score_date
--   after_6m: the same for six months
--   after_12m: the same for twelve months
--   after_24m: the same for twenty-four months
-- decisions: 53
with

months as (
    select
        month_no,
        month_end_date as score_date,
        month_end_date = last_day(month_end_date) as is_month_end,
    from int_months
    where month_no <= 12 and is_shown
),

-- from month end to month end: three months up to 31 May begin after 28 February
final as (
    select
        month_no,
        score_date,
        case when is_month_end then last_day(score_date - to_months(3))
            else cast(score_date - to_months(3) as date) end as after_3m,
        case when is_month_end then last_day(score_date - to_months(6))
            else cast(score_date - to_months(6) as date) end as after_6m,
        case when is_month_end then last_day(score_date - to_months(12))
            else cast(score_date - to_months(12) as date) end as after_12m,
        case when is_month_end then last_day(score_date - to_months(24))
            else cast(score_date - to_months(24) as date) end as after_24m,
    from months
)

select * from final
