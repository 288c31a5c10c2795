-- grain: one row per entity of the project
-- key: entity_no
-- question: Whose figures are part of those of the group, and in which currency are they kept?
-- materialized: view
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   currency: currency of its ledger
--   is_home: keeps its ledger in the currency of the group
--   is_translated: keeps it in another one, and encours.yaml says how that is translated
--   is_fixed: translated at the rates of ref_fixed_rates
-- decisions: 17, 46, 48
with

methods as (
    select
        count(*) > 0 as has_method,
        coalesce(bool_or(method = 'fixed'), false) as is_fixed,
    from project_currency
),

final as (
    select
        project_entities.entity_no,
        project_entities.entity_id,
        project_entities.currency,
        project_entities.currency = params.currency as is_home,
        project_entities.currency <> params.currency and methods.has_method as is_translated,
        project_entities.currency <> params.currency and methods.is_fixed as is_fixed,
    from project_entities
    cross join params
    cross join methods
)

select * from final
