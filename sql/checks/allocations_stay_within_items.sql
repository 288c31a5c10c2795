-- severity: fail
-- sentence: More is settled on these items than they are worth.
with

settled as (
    select
        item_key,
        sum(amount) as amount,
    from (
        select debit_key as item_key, amount from int_allocations
        union all
        select credit_key as item_key, amount from int_allocations
    )
    group by item_key
)

select
    settled.item_key,
    int_items.amount,
    settled.amount as settled_amount,
from settled
left join int_items on int_items.item_key = settled.item_key
where
    int_items.item_key is null
    or settled.amount > abs(int_items.amount)
    or settled.amount <> int_items.settled_amount
