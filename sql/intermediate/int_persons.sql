-- grain: one row per counterparty that is a natural person
-- key: entity_id, side, counterparty_id
-- question: Which customers and suppliers are persons, whose names exports leave out?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   counterparty_no: rank of the counterparty
--   siren: SIREN, 9 digits
--   is_masked: exports and published files leave its name out
-- decisions: 123
with

settings as (
    select coalesce(bool_or(shows_persons), false) as shows_persons
    from project_privacy
),

-- 1000: sole traders; P: companies and persons who asked not to be shown
persons as (
    select siren
    from stg_sirene__legal_units
    where legal_form_code = '1000' or diffusion_status = 'P'
),

final as (
    select
        identities.entity_id,
        identities.side,
        identities.counterparty_id,
        identities.counterparty_no,
        identities.siren,
        not settings.shows_persons as is_masked,
    from int_identities as identities
    inner join persons on persons.siren = identities.siren
    cross join settings
)

select * from final
