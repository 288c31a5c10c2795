-- grain: one row per counterparty whose file tells a SIREN, a SIRET or a VAT number
-- key: counterparty_no
-- question: Which numbers of companies does a file tell, and do their keys hold?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   siren: SIREN whose key holds: of the SIREN, else of the SIRET, else of the VAT number
--   siret: SIRET whose key holds
--   number_method: where siren comes from: siren, siret or vat; null: no number holds
--   siren_fault: what is wrong with the SIREN that is told; null: nothing, or none is told
--   siret_fault: what is wrong with the SIRET
--   vat_fault: what is wrong with the VAT number
--   told_siren: the SIREN as it is told
--   told_siret: the SIRET as it is told
--   told_vat: the VAT number as it is told
--   contradictions: numbers whose keys hold but that are of another company than siren
-- decisions: 116
with

told as (
    select
        keys.counterparty_no,
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        nullif(trim(known.siren), '') as told_siren,
        -- fourteen digits where nine belong are a SIRET
        coalesce(
            nullif(trim(known.siret), ''),
            case when length(regexp_replace(known.siren, '[^0-9]', '', 'g')) in (13, 14)
                then trim(known.siren) end
        ) as told_siret,
        nullif(trim(known.vat_number), '') as told_vat,
        -- 5,52032E+08 has lost its digits
        regexp_matches(known.siren, '[0-9][Ee][+-]?[0-9]') as is_siren_lost,
        regexp_matches(known.siret, '[0-9][Ee][+-]?[0-9]') as is_siret_lost,
        regexp_replace(known.siren, '[^0-9]', '', 'g') as siren_digits,
        regexp_replace(upper(known.vat_number), '[^A-Z0-9]', '', 'g') as vat_typed,
        coalesce(upper(trim(known.country)) in ('FR', 'FRA', 'FRANCE'), false) as is_french,
    from int_counterparty_keys as keys
    inner join stg_erp__counterparties as known
        on known.entity_no = keys.entity_no
        and known.side = keys.side
        and known.counterparty_id = keys.counterparty_id
    where
        trim(known.siren) <> '' or trim(known.siret) <> '' or trim(known.vat_number) <> ''
),

cleaned as (
    select
        *,
        regexp_replace(told_siret, '[^0-9]', '', 'g') as siret_digits,
        -- of a French number without FR, which elsewhere may be of another country, the key tells
        case
            when
                regexp_full_match(vat_typed, '[0-9]{11}') and (
                    is_french
                    or cast(left(vat_typed, 2) as integer)
                    = (12 + 3 * (cast(right(vat_typed, 9) as bigint) % 97)) % 97
                ) then 'FR' || vat_typed
            else vat_typed
        end as vat_plain,
    from told
),

-- a spreadsheet drops the zero before a number
padded as (
    select
        *,
        case
            when length(siren_digits) = 8 then '0' || siren_digits
            when length(siren_digits) in (13, 14) then left(lpad(siren_digits, 14, '0'), 9)
            else siren_digits
        end as siren,
        case when length(siret_digits) = 13 then '0' || siret_digits else siret_digits end as siret,
        nullif(regexp_extract(vat_plain, '^FR[0-9A-Z]{2}([0-9]{9})$', 1), '') as vat_siren,
        nullif(regexp_extract(vat_plain, '^FR([0-9]{2})[0-9]{9}$', 1), '') as vat_key,
    from cleaned
),

-- Luhn: every second digit from the right counts double, less 9 past 9
summed as (
    select
        *,
        list_sum(list_transform(range(1, 10), lambda i: case
            when length(siren) <> 9 then 1
            when i % 2 = 1 then cast(siren[i] as integer)
            else (2 * cast(siren[i] as integer)) // 10 + (2 * cast(siren[i] as integer)) % 10
        end)) as siren_sum,
        list_sum(list_transform(range(1, 15), lambda i: case
            when length(siret) <> 14 then 1
            when i % 2 = 0 then cast(siret[i] as integer)
            else (2 * cast(siret[i] as integer)) // 10 + (2 * cast(siret[i] as integer)) % 10
        end)) as siret_sum,
        list_sum(list_transform(range(1, 15), lambda i: case
            when length(siret) <> 14 then 1 else cast(siret[i] as integer)
        end)) as siret_plain_sum,
        list_sum(list_transform(range(1, 10), lambda i: case
            when vat_siren is null then 1
            when i % 2 = 1 then cast(vat_siren[i] as integer)
            else (2 * cast(vat_siren[i] as integer)) // 10
                + (2 * cast(vat_siren[i] as integer)) % 10
        end)) as vat_sum,
    from padded
),

-- offices of La Poste go by the plain sum of their digits
judged as (
    select
        *,
        case
            when told_siren is null then null
            when is_siren_lost then 'digits lost'
            when length(siren) <> 9 then 'length'
            when siren_sum % 10 <> 0 or siren = '000000000' then 'key'
        end as siren_fault,
        case
            when told_siret is null then null
            when is_siret_lost then 'digits lost'
            when length(siret) <> 14 then 'length'
            when left(siret, 9) = '000000000' then 'key'
            when
                siret_sum % 10 <> 0
                and not (left(siret, 9) = '356000000' and siret_plain_sum % 5 = 0) then 'key'
        end as siret_fault,
        case
            when told_vat is null or not starts_with(vat_plain, 'FR') then null
            when vat_siren is null then 'length'
            when vat_sum % 10 <> 0 or vat_siren = '000000000' then 'key'
            when cast(vat_key as integer) <> (12 + 3 * (cast(vat_siren as bigint) % 97)) % 97
                then 'key'
        end as vat_fault,
    from summed
),

-- of a SIRET whose key does not hold, the SIREN in it is not believed either
believed as (
    select
        *,
        told_siren is not null and siren_fault is null
        and (length(siren_digits) <= 9 or siret_fault is null) as is_siren_sound,
    from judged
),

chosen as (
    select
        counterparty_no,
        entity_id,
        side,
        counterparty_id,
        case
            when is_siren_sound then siren
            when told_siret is not null and siret_fault is null then left(siret, 9)
            when vat_fault is null then vat_siren
        end as siren,
        case when told_siret is not null and siret_fault is null then siret end as siret,
        case
            when is_siren_sound then 'siren'
            when told_siret is not null and siret_fault is null then 'siret'
            when vat_fault is null and vat_siren is not null then 'vat'
        end as number_method,
        siren_fault,
        siret_fault,
        vat_fault,
        told_siren,
        told_siret,
        told_vat,
        case when vat_fault is null then vat_siren end as sound_vat_siren,
    from believed
),

final as (
    select
        * exclude (sound_vat_siren),
        nullif(concat_ws(
            ', ',
            case when left(siret, 9) <> siren then 'siret' end,
            case when sound_vat_siren <> siren then 'vat' end
        ), '') as contradictions,
    from chosen
)

select * from final
