-- severity: fail
-- sentence: The balances of the list of concentration do not add up to the ageing, or its shares
--   do not end at the whole.
with

balances as (
    select
        entity_id,
        side,
        counterparty_id,
        sum(open_amount) as open_amount,
    from mart_ageing
    group by entity_id, side, counterparty_id
),

positive as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
    from balances
    where open_amount > 0
    group by entity_id, side
),

listed as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
        max(cumulated_ratio) as cumulated_ratio,
    from mart_concentration
    group by entity_id, side
)

select
    positive.entity_id,
    positive.side,
    positive.open_amount as ageing_amount,
    listed.open_amount,
    listed.cumulated_ratio,
from positive
left join listed
    on listed.entity_id = positive.entity_id
    and listed.side = positive.side
where
    listed.open_amount is distinct from positive.open_amount
    or listed.cumulated_ratio is distinct from 1
