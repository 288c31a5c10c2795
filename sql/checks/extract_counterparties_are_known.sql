-- severity: warn
-- sentence: These records name a customer or supplier that neither the ledger nor the file of
--   counterparties knows.
with

known as (
    select
        entity_id,
        counterparty_id,
    from dim_counterparties
    union
    select
        entity_id,
        counterparty_id,
    from stg_erp__counterparties
),

records as (
    select 'contacts' as dataset, entity_id, counterparty_id, contact_id as record_id
    from stg_erp__contacts
    union all
    select 'collection_actions' as dataset, entity_id, counterparty_id, action_id as record_id
    from stg_erp__collection_actions
    union all
    select 'disputes' as dataset, entity_id, counterparty_id, dispute_id as record_id
    from stg_erp__disputes
    union all
    select 'promises' as dataset, entity_id, counterparty_id, promise_id as record_id
    from stg_erp__promises
    union all
    select 'orders' as dataset, entity_id, counterparty_id, order_id as record_id
    from stg_erp__orders
)

select
    records.entity_id,
    records.dataset,
    records.counterparty_id,
    count(*) as record_count,
from records
anti join known
    on known.entity_id = records.entity_id
    and known.counterparty_id = records.counterparty_id
group by records.entity_id, records.dataset, records.counterparty_id
