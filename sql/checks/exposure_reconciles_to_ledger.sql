-- severity: fail
-- sentence: The exposure without orders is not what the control accounts of customers hold.
with

exposures as (
    select
        entity_id,
        sum(
            receivable_amount + bills_amount + unbilled_amount + deposits_amount + credit_amount
        ) as exposure_amount,
    from mart_exposure
    group by entity_id
),

accounts as (
    select
        entity_id,
        sum(items_amount) as items_amount,
    from mart_reconciliation
    where side = 'customer'
    group by entity_id
)

select
    coalesce(exposures.entity_id, accounts.entity_id) as entity_id,
    exposures.exposure_amount,
    accounts.items_amount,
from exposures
full join accounts on accounts.entity_id = exposures.entity_id
where coalesce(exposures.exposure_amount, 0) <> coalesce(accounts.items_amount, 0)
