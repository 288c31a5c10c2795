-- grain: one row per date at which the cash is forecast: the as-of date and every second month end
--   of the twelve before it
-- key: forecast_no
-- question: At which dates is cash forecast, and what is known then?
-- materialized: view
-- columns:
--   forecast_no: 0 for the as-of date, 1 for the end of the month before, 3, 5 and so on
--   forecast_date: date of the forecast
--   known_month_no: last month that is over at that date, year x 12 + month
--   known_quarter_no: last quarter that is over at that date, year x 4 + quarter
--   week_start_date: Monday of the week that holds the day after the date
-- decisions: 35, 36
with

months as (
    select * from int_months
    where month_no = 0 or month_no in (1, 3, 5, 7, 9, 11)
),

final as (
    select
        month_no as forecast_no,
        month_end_date as forecast_date,
        cast(year(month_end_date + 1) * 12 + month(month_end_date + 1) - 1 as integer)
            as known_month_no,
        cast(year(month_end_date + 1) * 4 + quarter(month_end_date + 1) - 1 as integer)
            as known_quarter_no,
        cast(date_trunc('week', month_end_date + 1) as date) as week_start_date,
    from months
)

select * from final
