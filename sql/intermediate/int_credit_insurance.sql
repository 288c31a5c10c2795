-- grain: one row per entity, customer and day from which a cover counts
-- key: entity_id, counterparty_id, valid_from
-- question: What does a credit insurer cover of a customer, and since when?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   valid_from: first day of the cover
--   valid_to: first day without it, null while it lasts
--   cover_amount: limit of the insurer, currency of the entity
--   quota_ratio: share of a loss that the insurer pays, 0 to 1
--   declaration_days: days overdue after which the cover is void unless the claim was declared;
--     null: never
-- decisions: 16, 60
with

-- no dataset of covers is loaded: nobody is insured
final as (
    select
        cast(null as varchar) as entity_id,
        cast(null as varchar) as counterparty_id,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        cast(null as decimal(18, 2)) as cover_amount,
        cast(null as decimal(5, 4)) as quota_ratio,
        cast(null as integer) as declaration_days,
    where false
)

select * from final
