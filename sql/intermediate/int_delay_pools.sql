-- grain: one row per entity, side and quarter with a payment
-- key: entity_no, side, from_quarter_no
-- question: How late is an entity paid on average, as known at the end of a quarter?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   side: customer or supplier
--   from_quarter_no: the quarter at whose end this is known, year x 4 + quarter
--   to_quarter_no: the quarter at whose end the next row is known, null: none
--   paid_amount: paid within the quarters that count
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

quarters as (
    select
        accounts.entity_no,
        accounts.side,
        settlements.quarter_no,
        sum(settlements.amount) as paid_amount,
        sum(settlements.amount * settlements.days_late) as weighted_days,
    from settlements
    inner join accounts on accounts.account_key = settlements.account_key
    group by accounts.entity_no, accounts.side, settlements.quarter_no
),

-- few rows: each quarter with those that count for it
windows as (
    select
        quarters.entity_no,
        quarters.side,
        quarters.quarter_no,
        sum(earlier.paid_amount) as paid_amount,
        sum(earlier.weighted_days) as weighted_days,
    from quarters
    cross join rules
    inner join quarters as earlier
        on earlier.entity_no = quarters.entity_no
        and earlier.side = quarters.side
        and earlier.quarter_no > quarters.quarter_no - rules.history_quarters
        and earlier.quarter_no <= quarters.quarter_no
    group by quarters.entity_no, quarters.side, quarters.quarter_no
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
        quarter_no as from_quarter_no,
        lead(quarter_no) over quarters_of_side as to_quarter_no,
        cast(paid_amount as decimal(18, 2)) as paid_amount,
        cast(weighted_days as decimal(28, 2)) as weighted_days,
        pooled_days,
        coalesce(lag(pooled_days) over quarters_of_side, pooled_days) as prior_days,
    from averages
    window quarters_of_side as (partition by entity_no, side order by quarter_no)
)

select * from final
