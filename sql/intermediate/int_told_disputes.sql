-- grain: one row per entity and dispute, by an extract of disputes or a case of a CRM
-- key: entity_no, dispute_id
-- question: Which documents and amounts are disputed, whoever tells it?
-- materialized: view
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   dispute_id: identifier of the dispute; of a case its source, a stroke and its identifier
--   document_id: the disputed invoice
--   counterparty_id: code of the customer, as text
--   amount: disputed amount; null: what is open of the document
--   reason: reason: price, quality, delivery, administrative …
--   status: open, accepted, refused or closed
--   opened_on: day it was raised
--   closed_on: day it was settled
--   owner: who handles it
-- decisions: 91
with

final as (
    select
        entity_no,
        entity_id,
        dispute_id,
        document_id,
        counterparty_id,
        amount,
        reason,
        status,
        opened_on,
        closed_on,
        owner,
    from stg_erp__disputes
    union all
    select
        entity_no,
        entity_id,
        source || '/' || case_id as dispute_id,
        document_id,
        counterparty_id,
        amount,
        reason,
        status,
        opened_on,
        closed_on,
        owner,
    from int_crm_disputes
    where entity_no is not null and not is_repeated
)

select * from final
