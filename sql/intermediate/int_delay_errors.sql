-- grain: one row per entity, side, quarter and number of days
-- key: entity_no, side, quarter_no, error_days
-- question: How far were payments from what was expected of the counterparty before them?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   side: customer or supplier
--   quarter_no: quarter of the payments, year x 4 + quarter
--   error_days: days late less the days expected, from -120 to 240
--   paid_amount: what was paid so far from it
-- decisions: 35
with

settlements as not materialized (
    select * from int_cash_settlements
    where days_late is not null
),

accounts as (
    select * from int_accounts
),

delays as (
    select * from int_expected_delays
),

errors as (
    select
        accounts.entity_no,
        accounts.side,
        settlements.quarter_no,
        cast(greatest(-120, least(240, settlements.days_late - delays.prior_days)) as integer)
            as error_days,
        settlements.amount,
    from settlements
    inner join accounts on accounts.account_key = settlements.account_key
    inner join delays
        on delays.counterparty_no = accounts.counterparty_no
        and delays.from_quarter_no = settlements.quarter_no
),

final as (
    select
        entity_no,
        side,
        quarter_no,
        error_days,
        cast(sum(amount) as decimal(18, 2)) as paid_amount,
    from errors
    group by entity_no, side, quarter_no, error_days
)

select * from final
