-- severity: fail
-- sentence: The steps of 30 days of these month ends do not add up to the ageing history.
with

steps as (
    select
        scope_id as entity_id,
        side,
        month_end_date,
        sum(debit_amount) as debit_amount,
    from int_roll_balances
    group by scope_id, side, month_end_date
),

history as (
    select
        entity_id,
        side,
        month_end_date,
        sum(debit_amount) as debit_amount,
    from (
        select entity_id, side, month_end_date, debit_amount from mart_ageing_history
        union all
        select entity_id, side, month_end_date, debit_amount from mart_group_ageing_history
    )
    group by entity_id, side, month_end_date
)

select
    coalesce(steps.entity_id, history.entity_id) as entity_id,
    coalesce(steps.side, history.side) as side,
    coalesce(steps.month_end_date, history.month_end_date) as month_end_date,
    steps.debit_amount as steps_amount,
    history.debit_amount as history_amount,
from steps
full join history
    on history.entity_id = steps.entity_id
    and history.side = steps.side
    and history.month_end_date = steps.month_end_date
where coalesce(steps.debit_amount, 0) <> coalesce(history.debit_amount, 0)
