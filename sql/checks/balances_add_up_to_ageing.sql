-- severity: fail
-- sentence: The balances of these counterparties do not add up to the ageing.
with

balances as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
    from mart_counterparty_balances
    group by entity_id, side
),

ageing as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
    from mart_ageing
    group by entity_id, side
)

select
    coalesce(balances.entity_id, ageing.entity_id) as entity_id,
    coalesce(balances.side, ageing.side) as side,
    balances.open_amount as balances_amount,
    ageing.open_amount as ageing_amount,
from balances
full join ageing
    on ageing.entity_id = balances.entity_id
    and ageing.side = balances.side
where coalesce(balances.open_amount, 0) <> coalesce(ageing.open_amount, 0)
