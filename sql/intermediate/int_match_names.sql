-- grain: one row per text that names a counterparty or a company
-- key: raw_name
-- question: How are names made comparable?
-- materialized: table
-- columns:
--   raw_name: the name as it is written
--   name_words: capital words without accents and signs, initials joined
--   name_key: the words without legal forms at both ends, never nothing
--   token_set: the words of the key, each once, in order
--   first4: first four characters of the key
--   first_token: first word of the key
--   form_words: legal forms that were taken off, null where there are none
-- decisions: 115
with

raw as (
    select aux_label as raw_name from int_account_names
    union
    select account_label from int_account_names
    union
    select name from stg_erp__counterparties
    union
    select unnest([name, acronym, usual_name_1, usual_name_2, usual_name_3])
    from stg_sirene__legal_units
    union
    select trim(concat_ws(' ', unnest([last_name, usage_name]), first_name))
    from stg_sirene__legal_units
    where name is null
    union
    select unnest([sign_1, sign_2, sign_3, usual_name]) from stg_sirene__establishments
),

-- a legal form in initials is a word of its own: E.U.R.L. A.B.C. is EURL ABC
plain as (
    select
        raw_name,
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            trim(regexp_replace(
                replace(replace(replace(upper(strip_accents(raw_name)),
                    '&', ' ET '), 'Œ', 'OE'), 'Æ', 'AE'), '[^A-Z0-9]+', ' ', 'g'
            )),
            '(^| )([SE]) ([AU]) R L( |$)', '\1\2\3RL\4'), '(^| )S A S U( |$)', '\1SASU\2'),
            '(^| )S A S( [A-Z0-9]{2}|$)', '\1SAS\2'), '(^| )S N C( [A-Z0-9]{2}|$)', '\1SNC\2'),
            '(^| )S C I( [A-Z0-9]{2}|$)', '\1SCI\2') as plain_words,
    from raw
    where trim(raw_name) <> ''
),

-- signs become spaces, initials one word: I.B.M. is IBM
worded as (
    select
        raw_name,
        trim(replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            plain_words,
            '\b([A-Z])\b ', '\1.', 'g'), '\.([A-Z])\b', '\1', 'g'),
            '(^| )ST ([A-Z])', '\1SAINT \2', 'g'), '([A-Z0-9]) STE ([A-Z])', '\1 SAINTE \2', 'g'),
            '.', ' ')) as name_words,
    from plain
),

keyed as (
    select
        raw_name,
        name_words,
        regexp_replace(
            regexp_replace(
                name_words,
                '^(?:(?:SA|SAS|SASU|SARL|EURL|SNC|SCS|SCA|SCI|SCP|SCM|SCOP|SELARL|SELAS|SELASU'
                || '|EARL|GAEC|SCEA|GIE|GEIE|EI|EIRL|ETS|ETABLISSEMENTS|STE|SOCIETE|SOC|CIE'
                || '|COMPAGNIE|ENTREPRISE|ENT|ASSOCIATION|ASSO|HOLDING|GMBH|AG|KG|LTD|LIMITED'
                || '|PLC|LLC|INC|CORP|BV|NV|SPRL|SRL|SPA|SL|AB|OY|AS) )+', ''
            ),
            '(?: (?:SA|SAS|SASU|SARL|EURL|SNC|SCS|SCA|SCI|SCP|SCM|SCOP|SELARL|SELAS|SELASU'
            || '|EARL|GAEC|SCEA|GIE|GEIE|EI|EIRL|ETS|ETABLISSEMENTS|STE|SOCIETE|SOC|CIE'
            || '|COMPAGNIE|ENTREPRISE|ENT|ASSOCIATION|ASSO|HOLDING|GMBH|AG|KG|LTD|LIMITED'
            || '|PLC|LLC|INC|CORP|BV|NV|SPRL|SRL|SPA|SL|AB|OY|AS))+$', ''
        ) as name_key,
        nullif(regexp_extract(
            ' ' || name_words || ' ',
            ' (SASU|SAS|SARL|EURL|SNC|SCI|SELARL|SELAS|EARL|GAEC|SCEA|GIE|SCOP|SA) ', 1
        ), '') as form_words,
    from worded
    where name_words <> ''
),

final as (
    select
        raw_name,
        name_words,
        name_key,
        array_to_string(
            list_sort(list_distinct(string_split(name_key, ' '))), ' '
        ) as token_set,
        left(name_key, 4) as first4,
        split_part(name_key, ' ', 1) as first_token,
        form_words,
    from keyed
)

select * from final
