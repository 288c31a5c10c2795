-- grain: one row per entity, side, whether the counterparty belongs to the group, and month
-- key: entity_id, side, is_intercompany, month_no
-- question: How much of what was credited in twelve months was matched at the end of the month?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   is_intercompany: the counterparty belongs to the group
--   month_no: month, see int_months
--   credit_amount: credits of the month and the eleven before it
--   lettered_amount: what of them is allocated at month_end_date, first in first out left out
-- decisions: 30
with

months as (
    select
        month_no,
        month_end_date,
        cast(month_start_date - to_months(11) as date) as window_start_date,
    from int_months
    where is_shown
),

days as (
    select * from int_settlement_days
    where credit_amount <> 0 or lettered_amount <> 0
),

-- fans out on purpose: a credit counts in twelve months
final as (
    select
        days.entity_id,
        days.side,
        days.is_intercompany,
        months.month_no,
        cast(sum(days.credit_amount) as decimal(18, 2)) as credit_amount,
        cast(sum(days.lettered_amount) as decimal(18, 2)) as lettered_amount,
    from days
    inner join months
        on days.credit_month_date >= months.window_start_date
        and days.credit_month_date <= months.month_end_date
        and days.settlement_date <= months.month_end_date
    group by all
)

select * from final
