-- severity: fail
-- sentence: At these month ends the ageing history does not add up to the ledger.
with

history as (
    select
        entity_id,
        side,
        month_end_date,
        sum(open_amount) as open_amount,
    from mart_ageing_history
    group by entity_id, side, month_end_date
),

sides as (
    select distinct
        entity_id,
        side,
    from int_ledger_days
),

ledgers as (
    select
        sides.entity_id,
        sides.side,
        int_months.month_end_date,
        coalesce(sum(int_ledger_days.amount), 0) as amount,
    from sides
    cross join int_months
    left join int_ledger_days
        on int_ledger_days.entity_id = sides.entity_id
        and int_ledger_days.side = sides.side
        and int_ledger_days.is_aged
        and int_ledger_days.fiscal_year_start <= int_months.month_end_date
        and int_ledger_days.ledger_date <= int_months.month_end_date
        and (
            int_ledger_days.ends_before is null
            or int_ledger_days.ends_before > int_months.month_end_date
        )
    where int_months.is_shown
    group by sides.entity_id, sides.side, int_months.month_end_date
)

select
    ledgers.entity_id,
    ledgers.side,
    ledgers.month_end_date,
    ledgers.amount as ledger_amount,
    history.open_amount,
from ledgers
left join history
    on history.entity_id = ledgers.entity_id
    and history.side = ledgers.side
    and history.month_end_date = ledgers.month_end_date
where coalesce(history.open_amount, 0) <> ledgers.amount
