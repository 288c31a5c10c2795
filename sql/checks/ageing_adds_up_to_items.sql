-- severity: fail
-- sentence: The ageing buckets of these entities do not add up to their open items.
with

ageing as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
        sum(debit_amount + credit_amount) as parts_amount,
    from mart_ageing
    group by entity_id, side
),

items as (
    select
        entity_id,
        side,
        sum(items_amount) as items_amount,
    from mart_reconciliation
    where is_aged
    group by entity_id, side
)

select
    items.entity_id,
    items.side,
    items.items_amount,
    ageing.open_amount,
    ageing.parts_amount,
from items
left join ageing
    on ageing.entity_id = items.entity_id
    and ageing.side = items.side
where
    coalesce(ageing.open_amount, 0) <> items.items_amount
    or coalesce(ageing.parts_amount, 0) <> items.items_amount
