-- grain: one row per counterparty with a number whose key holds
-- key: counterparty_no
-- question: Which company is the number of a customer or supplier, and does the register agree?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   siren: SIREN, 9 digits
--   siret: SIRET; null where only the company is known
--   match_method: where the number comes from: siren, siret or vat
--   is_registered: the register that is loaded knows the company
--   is_name_doubtful: under a name that is not alike
-- decisions: 116, 119
with

rules as (
    select max(case when rule = 'name_similarity_percent' then value end) as similarity_percent,
    from ref_match_rules
),

units as (
    select
        siren,
        coalesce(name, trim(concat_ws(' ', first_name, last_name))) as name,
    from stg_sirene__legal_units
),

final as (
    select
        subjects.counterparty_no,
        subjects.siren,
        subjects.siret,
        subjects.number_method as match_method,
        units.siren is not null as is_registered,
        units.siren is not null and subject_names.name_key is not null
        and unit_names.name_key is not null
        and 100 * jaro_winkler_similarity(subject_names.name_key, unit_names.name_key)
            < rules.similarity_percent
        and not contains(unit_names.name_key, subject_names.name_key)
        and not contains(subject_names.name_key, unit_names.name_key) as is_name_doubtful,
    from int_match_subjects as subjects
    cross join rules
    left join units on units.siren = subjects.siren
    left join int_match_names as subject_names on subject_names.raw_name = subjects.name
    left join int_match_names as unit_names on unit_names.raw_name = units.name
    where subjects.siren is not null
)

select * from final
