-- grain: one row per counterparty, end of a fiscal year and model that fits it
-- key: entity_id, side, counterparty_id, closing_date, model
-- sort: entity_id, side, counterparty_id, closing_date
-- question: How near to failure is a customer or supplier, by its accounts?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   siren: SIREN of the company
--   closing_date: end of the fiscal year
--   known_date: day from which the accounts count, up to the as-of date
--   model: altman_z, altman_z_prime, altman_z_second or conan_holder
--   value: of the score; null where an input is missing
--   zone: what the value says, by ref_bankruptcy_zones; null without a value
--   external_class: class that the zone counts as; null without one
--   missing_inputs: inputs that are missing, or zero where they divide; null where none is
--   is_latest: no later accounts are known
-- decisions: 109, 110
with

settings as (
    select * from params
),

known as (
    select
        scores.*,
        rank() over (partition by scores.siren order by scores.closing_date desc) as place_no,
    from int_bankruptcy_scores as scores
    cross join settings
    where scores.known_date <= settings.as_of
),

final as (
    select
        identities.entity_id,
        identities.side,
        identities.counterparty_id,
        known.siren,
        known.closing_date,
        known.known_date,
        known.model,
        known.value,
        known.zone,
        known.external_class,
        known.missing_inputs,
        known.place_no = 1 as is_latest,
    from known
    inner join int_identities as identities on identities.siren = known.siren
)

select * from final
