-- grain: one row per month end up to the as-of date, from the first month that is loaded
-- key: month_no
-- question: At which dates is history told?
-- materialized: view
-- columns:
--   month_no: 0 for the as-of date, 1 for the end of the month before, and so on
--   month_start_date: first day of the month
--   month_end_date: last day of the month; the as-of date for the month that holds it
--   day_count: days of the month up to month_end_date
--   is_shown: within the history that reports show
-- decisions: 15
with

settings as (
    select * from params
),

first_day as (
    select min(first_date) as first_date
    from int_entities
),

numbers as (
    select
        unnest(range(0, greatest(1, 1 + datediff(
            'month', date_trunc('month', first_day.first_date), settings.as_of
        )))) as month_no,
        settings.as_of,
        settings.history_months,
    from settings
    cross join first_day
),

final as (
    select
        cast(month_no as integer) as month_no,
        cast(date_trunc('month', as_of) - to_months(cast(month_no as integer)) as date)
            as month_start_date,
        case
            when month_no = 0 then as_of
            else cast(last_day(as_of - to_months(cast(month_no as integer))) as date)
        end as month_end_date,
        case
            when month_no = 0 then day(as_of)
            else day(last_day(as_of - to_months(cast(month_no as integer))))
        end as day_count,
        month_no < history_months as is_shown,
    from numbers
)

select * from final
