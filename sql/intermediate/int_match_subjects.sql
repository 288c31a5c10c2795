-- grain: one row per counterparty that has a name or a number
-- key: counterparty_no
-- question: What is known of a customer or supplier by which its company can be found?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   name: name in the file of counterparties, else in the ledger
--   postal_code: postal code, five digits; null where none is known
--   dept: first two digits of the postal code
--   city: city, as it is written
--   city_key: city in capital words, without CEDEX
--   street_number: number in the street
--   street_key: name of the street in capital words, without its type and articles
--   siren: number whose key holds: of the SIREN, the SIRET or the VAT number; null where none does
--   siret: SIRET whose key holds
--   number_method: where siren comes from: siren, siret or vat
-- decisions: 115, 116
with

counterparties as (
    select * from int_counterparty_keys
),

known as (
    select * from stg_erp__counterparties
),

ledger_names as (
    select * from int_ledger_names
),

numbers as (
    select * from int_identifiers
),

described as (
    select
        counterparties.counterparty_no,
        counterparties.entity_id,
        counterparties.side,
        counterparties.counterparty_id,
        coalesce(known.name, ledger_names.name) as name,
        nullif(regexp_extract(
            case when length(trim(known.postal_code)) = 4
                then '0' || trim(known.postal_code) else trim(known.postal_code) end,
            '^([0-9]{5})', 1
        ), '') as postal_code,
        known.city,
        trim(regexp_replace(upper(strip_accents(known.street)), '[^A-Z0-9]+', ' ', 'g')) as street,
        numbers.siren,
        numbers.siret,
        numbers.number_method,
    from counterparties
    left join known
        on known.entity_no = counterparties.entity_no
        and known.side = counterparties.side
        and known.counterparty_id = counterparties.counterparty_id
    left join ledger_names on ledger_names.counterparty_no = counterparties.counterparty_no
    left join numbers on numbers.counterparty_no = counterparties.counterparty_no
),

final as (
    select
        counterparty_no,
        entity_id,
        side,
        counterparty_id,
        name,
        postal_code,
        left(postal_code, 2) as dept,
        city,
        nullif(trim(regexp_replace(regexp_replace(regexp_replace(
            upper(strip_accents(city)), '[^A-Z]+', ' ', 'g'),
            '\bCEDEX\b', '', 'g'), '(^| )(ST|STE) ', '\1SAINT ', 'g')), '') as city_key,
        nullif(regexp_extract(street, '^([0-9]+)', 1), '') as street_number,
        nullif(regexp_replace(
            regexp_replace(street, '^[0-9]+ ?((BIS|TER|B|T|QUATER) )?', ''),
            '^((RUE|R|AVENUE|AV|BOULEVARD|BD|BLD|PLACE|PL|CHEMIN|CHE|ALLEE|ALL|ROUTE|RTE'
            || '|IMPASSE|IMP|SQUARE|SQ|QUAI|COURS|CRS|DE|DU|DES|LA|LE|LES|L|D) )+', ''
        ), '') as street_key,
        siren,
        siret,
        number_method,
    from described
    where name is not null or siren is not null
)

select * from final
