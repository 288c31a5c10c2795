-- grain: one row per pair of codes of one side that look like one customer or supplier
-- key: entity_id, side, counterparty_id, other_entity_id, other_id
-- sort: entity_id, side, counterparty_id
-- question: Which customers or suppliers do we keep under two codes?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code, the first of the two
--   counterparty_name: its name
--   other_entity_id: entity of the other code
--   other_id: the other code
--   other_name: its name
--   rule: what is the same, the first rule of ref_duplicate_rules that fits
--   rule_en: the rule in English
--   rule_fr: the rule in French
--   same_value: the value that both have
-- decisions: 114
with

rules as (
    select * from ref_duplicate_rules
    where is_used
),

counterparties as (
    select
        *,
        trim(regexp_replace(
            upper(strip_accents(counterparty_name)), '[^A-Z0-9]+', ' ', 'g'
        )) as plain_name,
        trim(regexp_replace(upper(strip_accents(city)), '[^A-Z]+', ' ', 'g')) as plain_city,
    from dim_counterparties
    where not is_intercompany
),

-- a value that more codes share than anybody would keep apart is no sign: a placeholder
valued as (
    select
        entity_id,
        side,
        counterparty_id,
        counterparty_name,
        unnest([
            {'rule': 'siret', 'same_value': siret},
            {'rule': 'siren', 'same_value': siren},
            {'rule': 'vat_number', 'same_value': vat_number},
            {
                'rule': 'name_postal_code',
                'same_value': nullif(plain_name, '') || ', ' || nullif(postal_code, '')
            },
            {
                'rule': 'name_city',
                'same_value': nullif(plain_name, '') || ', ' || nullif(plain_city, '')
            }
        ], recursive := true),
    from counterparties
),

shared as (
    select
        side,
        rule,
        same_value,
    from valued
    where same_value <> ''
    group by side, rule, same_value
    having count(*) between 2 and 50
),

kept as (
    select valued.*
    from valued
    inner join shared
        on shared.side = valued.side
        and shared.rule = valued.rule
        and shared.same_value = valued.same_value
),

-- fans out on purpose: each pair of those that share a value
pairs as (
    select
        one.entity_id,
        one.side,
        one.counterparty_id,
        one.counterparty_name,
        other.entity_id as other_entity_id,
        other.counterparty_id as other_id,
        other.counterparty_name as other_name,
        rules.rule,
        rules.rule_en,
        rules.rule_fr,
        one.same_value,
        row_number() over (
            partition by
                one.entity_id, one.side, one.counterparty_id, other.entity_id, other.counterparty_id
            order by rules.rule_no
        ) as fit_no,
    from kept as one
    inner join kept as other
        on other.side = one.side
        and other.rule = one.rule
        and other.same_value = one.same_value
    inner join rules on rules.rule = one.rule
    where
        (one.entity_id, one.counterparty_id) < (other.entity_id, other.counterparty_id)
        and (one.entity_id = other.entity_id or rules.is_between_entities)
),

final as (
    select
        entity_id,
        side,
        counterparty_id,
        counterparty_name,
        other_entity_id,
        other_id,
        other_name,
        rule,
        rule_en,
        rule_fr,
        same_value,
    from pairs
    where fit_no = 1
)

select * from final
