-- severity: fail
-- sentence: What a customer owes by its exposure is not what the ageing balance says.
with

exposures as (
    select
        entity_id,
        counterparty_id,
        receivable_amount + bills_amount + credit_amount as exposure_amount,
    from mart_exposure
    where receivable_amount <> 0 or bills_amount <> 0 or credit_amount <> 0
),

ageing as (
    select
        entity_id,
        counterparty_id,
        sum(open_amount) as open_amount,
    from mart_ageing
    where side = 'customer'
    group by entity_id, counterparty_id
)

select
    coalesce(exposures.entity_id, ageing.entity_id) as entity_id,
    coalesce(exposures.counterparty_id, ageing.counterparty_id) as counterparty_id,
    exposures.exposure_amount,
    ageing.open_amount,
from exposures
full join ageing
    on ageing.entity_id = exposures.entity_id
    and ageing.counterparty_id = exposures.counterparty_id
where coalesce(exposures.exposure_amount, 0) <> coalesce(ageing.open_amount, 0)
