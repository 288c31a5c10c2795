-- grain: one row per counterparty whose company is known
-- key: counterparty_no
-- question: Which company, in the numbers of the State, is a customer or supplier?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   siren: SIREN, 9 digits
--   siret: SIRET of the establishment; null where only the company is known
--   match_method: what identified it: siren, siret, vat, name …
--   match_probability: probability of the identification, 0 to 1
-- decisions: 16, 21
with

counterparties as (
    select * from int_counterparty_keys
),

known as (
    select
        entity_no,
        side,
        counterparty_id,
        regexp_replace(siren, '[^0-9]', '', 'g') as siren,
        regexp_replace(siret, '[^0-9]', '', 'g') as siret,
    from stg_erp__counterparties
),

final as (
    select
        counterparties.counterparty_no,
        counterparties.entity_id,
        counterparties.side,
        counterparties.counterparty_id,
        coalesce(
            case when length(known.siren) = 9 then known.siren end, left(known.siret, 9)
        ) as siren,
        case when length(known.siret) = 14 then known.siret end as siret,
        case when length(known.siren) = 9 then 'siren' else 'siret' end as match_method,
        cast(1 as decimal(9, 6)) as match_probability,
    from counterparties
    inner join known
        on known.entity_no = counterparties.entity_no
        and known.side = counterparties.side
        and known.counterparty_id = counterparties.counterparty_id
    where length(known.siren) = 9 or length(known.siret) = 14
)

select * from final
