-- severity: fail
-- sentence: The open amounts of the items of these entities are not those of the ageing.
with

items as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
    from fct_items
    where is_aged and open_amount <> 0
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
    coalesce(items.entity_id, ageing.entity_id) as entity_id,
    coalesce(items.side, ageing.side) as side,
    items.open_amount as items_amount,
    ageing.open_amount as ageing_amount,
from items
full join ageing
    on ageing.entity_id = items.entity_id
    and ageing.side = items.side
where coalesce(items.open_amount, 0) <> coalesce(ageing.open_amount, 0)
