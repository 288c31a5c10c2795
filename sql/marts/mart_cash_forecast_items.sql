-- grain: one row per open item, and per part of it that is promised
-- key: entity_id, item_id, part_no
-- sort: entity_id, side, counterparty_id, item_id, part_no
-- question: When is each open item expected to be paid, and why then?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   item_id: the item, see fct_items
--   part_no: 1, and on where several parts are promised; the rest comes last
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   is_intercompany: the counterparty belongs to the group
--   due_date: date from which it is overdue; null where it is not known
--   early_date: day by which it is paid if everybody pays early; null: not expected
--   expected_date: day on which it is expected; null: not expected, or a credit
--   late_date: day by which it is paid if everybody pays late
--   period_no: week 1 to 13 of expected_date, 14 for later, 15 for what is not expected; null for a
--     credit
--   forecast_basis: own_history, pooled_history, promise, disputed, doubtful, no_history, too_late,
--     no_due_date, credit
--   open_amount: open of the part, negative for a credit, currency of the entity
-- decisions: 35
with

items as not materialized (
    select * from int_forecast_items
    where forecast_no = 0
),

dates as (
    select * from int_forecast_dates
    where forecast_no = 0
),

accounts as (
    select * from int_accounts
),

final as (
    select
        accounts.entity_id,
        items.item_key % 1000000000000000 as item_id,
        cast(row_number() over (
            partition by items.item_key order by items.promised_date nulls last
        ) as integer) as part_no,
        accounts.side,
        accounts.counterparty_id,
        accounts.is_intercompany,
        items.due_date,
        items.early_date,
        items.mid_date as expected_date,
        items.late_date,
        cast(case
            when items.basis = 'credit' then null
            when items.mid_date is null then 15
            else greatest(1, least(14, (items.mid_date - dates.week_start_date) // 7 + 1))
        end as integer) as period_no,
        items.basis as forecast_basis,
        items.open_amount,
    from items
    cross join dates
    inner join accounts on accounts.account_key = items.account_key
)

select * from final
