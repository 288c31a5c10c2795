-- grain: one row per counterparty and quarter with a payment
-- key: counterparty_no, from_quarter_no
-- question: How late does a counterparty pay, as known at the end of a quarter?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   from_quarter_no: the quarter at whose end this is known, year x 4 + quarter
--   to_quarter_no: the quarter at whose end the next row is known, null: none
--   payment_count: payments within the quarters that count
--   expected_days: average of the days late weighted by the amounts, drawn towards that of the
--     entity where payments are few, whole days
--   prior_days: what was expected before the payments of the quarter
-- decisions: 35
with

settlements as not materialized (
    select * from int_cash_settlements
    where days_late is not null
),

accounts as (
    select * from int_accounts
),

pools as (
    select * from int_delay_pools
),

rules as (
    select * from int_forecast_rules
),

quarters as (
    select
        accounts.counterparty_no,
        accounts.entity_no,
        accounts.side,
        settlements.quarter_no,
        count(*) as payment_count,
        sum(settlements.amount) as paid_amount,
        sum(settlements.amount * settlements.days_late) as weighted_days,
    from settlements
    inner join accounts on accounts.account_key = settlements.account_key
    group by
        accounts.counterparty_no, accounts.entity_no, accounts.side, settlements.quarter_no
),

numbered as (
    select
        quarters.*,
        rules.history_quarters - 1 as quarters_before,
        rules.pooling_payments,
    from quarters
    cross join rules
),

windows as (
    select
        *,
        sum(payment_count) over history as history_count,
        sum(paid_amount) over history as history_amount,
        sum(weighted_days) over history as history_days,
        lead(quarter_no) over (partition by counterparty_no order by quarter_no) as to_quarter_no,
    from numbered
    window history as (
        partition by counterparty_no
        order by quarter_no
        range between quarters_before preceding and current row
    )
),

averages as (
    select
        windows.*,
        pools.prior_days as pool_prior_days,
        cast(round(
            (
                windows.history_count * windows.history_days / windows.history_amount
                + windows.pooling_payments * pools.pooled_days
            ) / (windows.history_count + windows.pooling_payments)
        ) as integer) as expected_days,
    from windows
    inner join pools
        on pools.entity_no = windows.entity_no
        and pools.side = windows.side
        and pools.from_quarter_no = windows.quarter_no
),

final as (
    select
        counterparty_no,
        quarter_no as from_quarter_no,
        to_quarter_no,
        cast(history_count as integer) as payment_count,
        expected_days,
        coalesce(
            lag(expected_days) over (partition by counterparty_no order by quarter_no),
            pool_prior_days
        ) as prior_days,
    from averages
)

select * from final
