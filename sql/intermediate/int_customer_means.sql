-- grain: one row per entity, customer and date from which its accounts are known
-- key: entity_id, counterparty_id, known_date
-- question: What can a customer carry, by its own accounts?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   known_date: day from which the accounts were public
--   means_amount: its yearly purchases, else its equity, currency of the entity
-- decisions: 16, 60
with

-- no dataset of accounts is loaded: nothing is known of any customer
final as (
    select
        cast(null as varchar) as entity_id,
        cast(null as varchar) as counterparty_id,
        cast(null as date) as known_date,
        cast(null as decimal(18, 2)) as means_amount,
    where false
)

select * from final
