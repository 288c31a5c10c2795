-- severity: fail
-- sentence: The movements of these entities do not add up to their open items.
with

movements as (
    select
        fct_item_movements.entity_id,
        sum(fct_item_movements.amount) as amount,
    from fct_item_movements
    cross join params
    where fct_item_movements.movement_date <= params.as_of
    group by fct_item_movements.entity_id
),

items as (
    select
        entity_id,
        sum(items_amount) as amount,
    from mart_reconciliation
    group by entity_id
)

select
    items.entity_id,
    items.amount as items_amount,
    movements.amount as movements_amount,
from items
left join movements on movements.entity_id = items.entity_id
where coalesce(movements.amount, 0) <> items.amount
