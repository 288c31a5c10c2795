-- severity: warn
-- sentence: The key of these numbers does not hold, or digits are missing: correct them in the
--   source, or set the attribute with `encours override`. They identify nobody.
with

numbers as (
    select * from int_identifiers
),

faults as (
    select
        entity_id,
        side,
        counterparty_id,
        unnest([
            {'number_kind': 'siren', 'number': told_siren, 'fault': siren_fault},
            {'number_kind': 'siret', 'number': told_siret, 'fault': siret_fault},
            {'number_kind': 'vat_number', 'number': told_vat, 'fault': vat_fault}
        ], recursive := true),
    from numbers
)

select * from faults
where fault is not null
