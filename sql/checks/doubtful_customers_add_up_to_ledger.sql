-- severity: fail
-- sentence: The doubtful customers of these entities do not add up to the items of account 416.
with

customers as (
    select
        entity_id,
        sum(doubtful_amount) as doubtful_amount,
    from mart_doubtful_customers
    group by entity_id
)

select
    mart_reconciliation.entity_id,
    mart_reconciliation.items_amount,
    mart_provisions.doubtful_amount,
    customers.doubtful_amount as customers_amount,
from mart_reconciliation
left join mart_provisions on mart_provisions.entity_id = mart_reconciliation.entity_id
left join customers on customers.entity_id = mart_reconciliation.entity_id
where
    mart_reconciliation.account_family = '416'
    and (
        coalesce(mart_provisions.doubtful_amount, 0) <> mart_reconciliation.items_amount
        or coalesce(customers.doubtful_amount, 0) <> mart_reconciliation.items_amount
    )
