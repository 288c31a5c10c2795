-- grain: one row per entity, side and month with a payment
-- key: entity_no, side, from_month_no
-- question: How late is an entity paid on average, as known at the end of a month?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   side: customer or supplier
--   from_month_no: the month at whose end this is known, year x 12 + month
--   to_month_no: the month at whose end the next row is known, null: none
--   paid_amount: paid within the months that count
--   weighted_days: days late x amounts
--   pooled_days: average of the days late weighted by the amounts, whole days
--   prior_days: pooled_days of the row before, its own for the first
-- decisions: 35
with

settlements as not materialized (
    select * from int_cash_settlements
    where days_late is not null
),

accounts as (
    select * from int_accounts
),

rules as (
    select * from int_forecast_rules
),

months as (
    select
        accounts.entity_no,
        accounts.side,
        settlements.month_no,
        sum(settlements.amount) as paid_amount,
        sum(settlements.amount * settlements.days_late) as weighted_days,
    from settlements
    inner join accounts on accounts.account_key = settlements.account_key
    group by accounts.entity_no, accounts.side, settlements.month_no
),

-- few rows: each month with those that count for it
windows as (
    select
        months.entity_no,
        months.side,
        months.month_no,
        sum(earlier.paid_amount) as paid_amount,
        sum(earlier.weighted_days) as weighted_days,
    from months
    cross join rules
    inner join months as earlier
        on earlier.entity_no = months.entity_no
        and earlier.side = months.side
        and earlier.month_no between months.month_no - rules.history_months + 1 and months.month_no
    group by months.entity_no, months.side, months.month_no
),

averages as (
    select
        *,
        cast(round(weighted_days / paid_amount) as integer) as pooled_days,
    from windows
),

final as (
    select
        entity_no,
        side,
        month_no as from_month_no,
        lead(month_no) over months_of_side as to_month_no,
        cast(paid_amount as decimal(18, 2)) as paid_amount,
        cast(weighted_days as decimal(28, 2)) as weighted_days,
        pooled_days,
        coalesce(lag(pooled_days) over months_of_side, pooled_days) as prior_days,
    from averages
    window months_of_side as (partition by entity_no, side order by month_no)
)

select * from final
