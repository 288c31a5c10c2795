-- grain: one row per entity, side, counterparty and attribute that some source tells
-- key: entity_id, side, counterparty_id, attribute
-- sort: entity_id, side, counterparty_id, attribute
-- question: Where does each attribute of a customer or supplier come from, and who says otherwise?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   attribute: name of the attribute, see ref_attribute_precedence
--   attribute_value: the value that counts, as text; null where the address comes from a source
--     that does not tell this part of it
--   value_source: where it comes from: person, identity, erp, ledger, crm or sirene
--   other_values: what other sources say, with their names; null where nobody says anything else
--   is_conflict: a compared source says something else, letters, accents and signs apart
-- decisions: 113
with

attributes as (
    select
        *,
        regexp_replace(upper(strip_accents(attribute_value)), '[^A-Z0-9]', '', 'g') as plain_value,
    from int_counterparty_attributes
),

chosen as (
    select * from attributes
    where is_chosen
),

others as (
    select
        attributes.counterparty_no,
        attributes.attribute,
        string_agg(
            attributes.source || ': ' || attributes.attribute_value, ' | '
            order by attributes.rank_no, attributes.source
        ) as other_values,
        bool_or(attributes.is_compared and chosen.plain_value is not null) as is_conflict,
    from attributes
    left join chosen
        on chosen.counterparty_no = attributes.counterparty_no
        and chosen.attribute = attributes.attribute
    where
        not attributes.is_chosen
        and attributes.plain_value is distinct from chosen.plain_value
    group by attributes.counterparty_no, attributes.attribute
),

named as (
    select distinct
        counterparty_no,
        entity_id,
        side,
        counterparty_id,
        attribute,
    from attributes
),

final as (
    select
        named.entity_id,
        named.side,
        named.counterparty_id,
        named.attribute,
        chosen.attribute_value,
        chosen.source as value_source,
        others.other_values,
        coalesce(others.is_conflict, false) as is_conflict,
    from named
    left join chosen
        on chosen.counterparty_no = named.counterparty_no
        and chosen.attribute = named.attribute
    left join others
        on others.counterparty_no = named.counterparty_no
        and others.attribute = named.attribute
)

select * from final
