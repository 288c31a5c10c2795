-- grain: one row per counterparty
-- key: counterparty_no
-- question: Which code stands behind the rank of a counterparty?
-- materialized: view
-- columns:
--   counterparty_no: rank of the counterparty by entity, side and identifier
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
-- decisions: 6
with

final as (
    select distinct
        counterparty_no,
        entity_no,
        entity_id,
        side,
        counterparty_id,
    from int_accounts
)

select * from final
