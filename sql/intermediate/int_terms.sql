-- grain: one row per entity, side and counterparty that has payment terms, and per default
-- key: entity_no, side, counterparty_id
-- question: Which payment terms hold for a counterparty, and who says so?
-- materialized: scratch
-- columns:
--   entity_no: rank of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier; null: the default of the entity
--   terms_source: person_terms, counterparty_terms and entity_terms of encours.yaml,
--     counterparty_file
--   terms_code: normal form of the terms
--   terms_kind: NET, EOM_AFTER or EOM_THEN
--   term_days: days; the mean of instalments, rounded up
--   plus_days: days added after the end of a month
--   payment_day_1: day of the month of payments, null: any day
--   payment_day_2: the second one
--   instalment_days: days of each instalment, null: due at once
-- decisions: 11, 25, 125
with

terms as (
    select * from project_terms
),

entities as (
    select * from project_entities
),

counterparties as (
    select * from stg_erp__counterparties
    where payment_terms is not null
),

texts as (
    select * from extract_terms
    where terms_code is not null
),

-- the word of a person goes before every source
from_persons as (
    select
        entities.entity_no,
        overrides.side,
        overrides.counterparty_id,
        'person_terms' as terms_source,
        texts.terms_code,
        texts.terms_kind,
        texts.term_days,
        texts.plus_days,
        texts.payment_day_1,
        texts.payment_day_2,
        texts.instalment_days,
    from attribute_overrides as overrides
    inner join entities on entities.entity_id = overrides.entity_id
    inner join texts
        on texts.terms_text = overrides.value
        and texts.end_of_month = entities.end_of_month
    where overrides.attribute = 'payment_terms'
),

from_project as (
    select
        entities.entity_no,
        terms.side,
        terms.counterparty_id,
        case when terms.counterparty_id is null then 'entity_terms' else 'counterparty_terms' end
            as terms_source,
        terms.terms_code,
        terms.terms_kind,
        terms.term_days,
        terms.plus_days,
        terms.payment_day_1,
        terms.payment_day_2,
        terms.instalment_days,
    from terms
    inner join entities on entities.entity_id = terms.entity_id
    anti join from_persons
        on from_persons.entity_no = entities.entity_no
        and from_persons.side = terms.side
        and from_persons.counterparty_id = terms.counterparty_id
),

from_extracts as (
    select
        counterparties.entity_no,
        counterparties.side,
        counterparties.counterparty_id,
        'counterparty_file' as terms_source,
        texts.terms_code,
        texts.terms_kind,
        texts.term_days,
        texts.plus_days,
        texts.payment_day_1,
        texts.payment_day_2,
        texts.instalment_days,
    from counterparties
    inner join entities on entities.entity_no = counterparties.entity_no
    inner join texts
        on texts.terms_text = counterparties.payment_terms
        and texts.end_of_month = entities.end_of_month
    -- what encours.yaml says of a counterparty wins
    anti join from_project
        on from_project.entity_no = counterparties.entity_no
        and from_project.side = counterparties.side
        and from_project.counterparty_id = counterparties.counterparty_id
    anti join from_persons
        on from_persons.entity_no = counterparties.entity_no
        and from_persons.side = counterparties.side
        and from_persons.counterparty_id = counterparties.counterparty_id
),

final as (
    select * from from_persons
    union all
    select * from from_project
    union all
    select * from from_extracts
)

select * from final
