-- grain: one row per forecast date and counterparty that has paid before
-- key: forecast_no, counterparty_no
-- question: How late is each counterparty expected to pay, as known at the date?
-- materialized: table
-- columns:
--   forecast_no: forecast date, see int_forecast_dates
--   counterparty_no: rank of the counterparty
--   expected_days: days after the due date
--   is_own: its own payments weigh as much as those of all, or more
-- decisions: 35
with

dates as (
    select * from int_forecast_dates
),

delays as not materialized (
    select * from int_expected_delays
),

rules as (
    select * from int_forecast_rules
),

-- one row per counterparty and date: the periods of a counterparty do not overlap
final as (
    select
        dates.forecast_no,
        delays.counterparty_no,
        delays.expected_days,
        delays.payment_count >= rules.pooling_payments as is_own,
    from delays
    cross join rules
    inner join dates
        on delays.from_quarter_no <= dates.known_quarter_no
        and coalesce(delays.to_quarter_no, 1000000) > dates.known_quarter_no
)

select * from final
