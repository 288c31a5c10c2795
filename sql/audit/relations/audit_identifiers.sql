-- SIREN, SIRET and French VAT numbers that the extracts name, and whether their key holds.
-- The rules are those of package ingest/identifier; a test compares the two.
with

named as (
    select
        batch_id,
        source_line,
        unnest([
            {'kind': 'siren', 'source_column': 'siren', 'value': siren},
            {'kind': 'siret', 'source_column': 'siret', 'value': siret},
            {'kind': 'vat', 'source_column': 'vat_number', 'value': vat_number},
        ], recursive := true),
    from counterparties
),

-- columns beyond the legal ones, by their name
extra as (
    select
        batch_id,
        source_line,
        unnest(map_entries(extra)) as entry,
    from ledger_entries
    where extra is not null
),

extra_named as (
    select
        batch_id,
        source_line,
        case
            when regexp_matches(lower(entry.key), 'siret') then 'siret'
            when regexp_matches(lower(entry.key), 'siren') then 'siren'
            when regexp_matches(
                lower(entry.key), '(tva|vat).*(num|no|nr|intra|id)|(num|no|nr|intra).*(tva|vat)'
            ) then 'vat'
        end as kind,
        entry.key as source_column,
        entry.value as value,
    from extra
),

texts as (
    select
        batch_id,
        source_line,
        case when part = 1 then 'EcritureLib' else 'CompAuxLib' end as source_column,
        case when part = 1 then label else aux_label end as text,
    from ledger_entries
    cross join (values (1), (2)) as parts (part)
    where
        case when part = 1 then label else aux_label end like '%IRE%'
        or case when part = 1 then label else aux_label end like '%ire%'
        or case when part = 1 then label else aux_label end like '%FR%'
),

found as (
    select
        batch_id,
        source_line,
        source_column,
        regexp_extract(
            text, '(?i)siret[^0-9a-z]{0,5}([0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{5})([^0-9]|$)', 1
        ) as siret,
        regexp_extract(
            text, '(?i)siren[^0-9a-z]{0,5}([0-9]{3} ?[0-9]{3} ?[0-9]{3})([^0-9]|$)', 1
        ) as siren,
        -- a bank account begins alike: only where the text speaks of VAT
        case when regexp_matches(lower(text), 'tva|vat|intra') then regexp_extract(
            text, '(^|[^A-Za-z0-9])(FR ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3})([^0-9]|$)', 2
        ) end as vat,
    from texts
),

candidates as (
    select batch_id, source_line, kind, source_column, value from named
    union all
    select batch_id, source_line, kind, source_column, value from extra_named
    where kind is not null
    union all
    select batch_id, source_line, 'siret', source_column, nullif(siret, '') from found
    union all
    select batch_id, source_line, 'siren', source_column, nullif(siren, '') from found
    union all
    select batch_id, source_line, 'vat', source_column, nullif(vat, '') from found
),

plain as (
    select
        *,
        regexp_replace(upper(value), '[ .\x{A0}-]', '', 'g') as code,
    from candidates
    where value is not null
),

-- a spreadsheet drops the zeros that a number begins with
digits as (
    select
        *,
        case
            when kind = 'siren' and regexp_matches(code, '^[0-9]{8}$') then '0' || code
            when kind = 'siret' and regexp_matches(code, '^[0-9]{13}$') then '0' || code
            when kind = 'siren' and regexp_matches(code, '^[0-9]{9}$') then code
            when kind = 'siret' and regexp_matches(code, '^[0-9]{14}$') then code
        end as number,
    from plain
),

sums as (
    select
        *,
        list_sum(list_transform(
            range(1, length(number) + 1), lambda i : cast(substr(number, i, 1) as integer)
        )) as digit_sum,
        -- Luhn: from the right, every second digit counts double, less 9 past 9
        list_sum(list_transform(
            range(1, length(number) + 1),
            lambda i : case
                when (length(number) - i) % 2 = 0 then cast(substr(number, i, 1) as integer)
                when substr(number, i, 1) > '4' then 2 * cast(substr(number, i, 1) as integer) - 9
                else 2 * cast(substr(number, i, 1) as integer)
            end
        )) as luhn_sum,
    from digits
),

final as (
    select
        batches.batch_no,
        sums.source_line,
        sums.kind,
        sums.source_column,
        sums.value,
        case
            -- other countries have keys of their own
            when kind = 'vat' and not starts_with(code, 'FR') then true
            when kind = 'vat' and regexp_matches(code, '^FR[0-9]{11}$') then
                cast(substr(code, 3, 2) as integer)
                = (12 + 3 * (cast(substr(code, 5) as integer) % 97)) % 97
            -- keys with letters exist: only their form is checked
            when kind = 'vat' then regexp_matches(code, '^FR[A-HJ-NP-Z0-9]{2}[0-9]{9}$')
            when number is null then false
            -- the offices of La Poste
            when kind = 'siret' and starts_with(number, '356000000')
                then luhn_sum % 10 = 0 or digit_sum % 5 = 0
            else luhn_sum % 10 = 0
        end as is_valid,
    from sums
    inner join stg_landing__batches as batches on batches.batch_id = sums.batch_id
)

select * from final
