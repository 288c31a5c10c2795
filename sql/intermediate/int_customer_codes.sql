-- grain: one row per entity and code of a customer, whatever its letters and spaces around it
-- key: entity_no, counterparty_code
-- question: Which customer of the ledger does an extract mean by a code?
-- materialized: view
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   counterparty_code: code in capital letters, without spaces around it
--   counterparty_no: rank of the customer; of several that are written alike the first
-- decisions: 6, 44
with

final as (
    select
        entity_no,
        entity_id,
        upper(trim(counterparty_id)) as counterparty_code,
        min(counterparty_no) as counterparty_no,
    from int_accounts
    where side = 'customer'
    group by entity_no, entity_id, upper(trim(counterparty_id))
)

select * from final
