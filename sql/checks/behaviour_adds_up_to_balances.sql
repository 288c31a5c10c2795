-- severity: fail
-- sentence: What customers and suppliers owe in the payment behaviour is not the ageing.
with

behaviour as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
        sum(overdue_amount) as overdue_amount,
    from mart_payment_behaviour
    group by entity_id, side
),

balances as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
        sum(overdue_amount) as overdue_amount,
    from mart_counterparty_balances
    group by entity_id, side
)

select
    coalesce(behaviour.entity_id, balances.entity_id) as entity_id,
    coalesce(behaviour.side, balances.side) as side,
    behaviour.open_amount as behaviour_open_amount,
    balances.open_amount,
    behaviour.overdue_amount as behaviour_overdue_amount,
    balances.overdue_amount,
from behaviour
full join balances
    on balances.entity_id = behaviour.entity_id
    and balances.side = behaviour.side
where
    coalesce(behaviour.open_amount, 0) <> coalesce(balances.open_amount, 0)
    or coalesce(behaviour.overdue_amount, 0) <> coalesce(balances.overdue_amount, 0)
