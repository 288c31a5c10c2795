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
--   match_method: what identified it: review (a person), siren, siret, vat, name (the same name and
--     postal code) or probabilistic
--   match_probability: probability of the identification, 0 to 1
--   is_registered: the register that is loaded knows the company
--   is_name_doubtful: the number is known to the register under a name that is not alike
-- decisions: 16, 21, 116, 118, 119, 124, 125
with

subjects as (
    select * from int_match_subjects
),

units as (
    select siren from stg_sirene__legal_units
),

-- a person's word is about a company or one of its establishments
decided as (
    select
        subjects.counterparty_no,
        decisions.decision,
        left(decisions.candidate_id, 9) as siren,
        case when length(decisions.candidate_id) = 14 then decisions.candidate_id end as siret,
    from int_review_decisions as decisions
    inner join subjects
        on subjects.entity_id = decisions.entity_id
        and subjects.side = decisions.side
        and subjects.counterparty_id = decisions.subject_id
    where decisions.subject_kind = 'counterparty'
),

accepted as (
    select
        counterparty_no,
        siren,
        siret,
    from decided
    where decision = 'accept'
    qualify row_number() over (
        partition by counterparty_no order by siret nulls last, siren
    ) = 1
),

rejected as (
    select distinct
        counterparty_no,
        siren,
    from decided
    where decision = 'reject'
),

-- a number counts by itself; a name that is not alike makes it doubtful
numbered as (
    select numbers.*
    from int_match_numbers as numbers
    anti join rejected
        on rejected.counterparty_no = numbers.counterparty_no
        and rejected.siren = numbers.siren
),

found as (
    select
        candidates.counterparty_no,
        candidates.siren,
        candidates.siret,
        case when candidates.is_exact then 'name' else 'probabilistic' end as match_method,
        candidates.match_probability,
    from int_match_candidates as candidates
    anti join rejected
        on rejected.counterparty_no = candidates.counterparty_no
        and rejected.siren = candidates.siren
    where candidates.verdict = 'accepted'
),

-- a person may also have set the number itself
told as (
    select
        subjects.counterparty_no,
        overrides.value as siren,
        cast(null as varchar) as siret,
        'review' as match_method,
        cast(1 as decimal(9, 6)) as match_probability,
        units.siren is not null as is_registered,
        false as is_name_doubtful,
        0 as preference,
    from attribute_overrides as overrides
    inner join subjects
        on subjects.entity_id = overrides.entity_id
        and subjects.side = overrides.side
        and subjects.counterparty_id = overrides.counterparty_id
    left join units on units.siren = overrides.value
    where overrides.attribute = 'siren' and length(overrides.value) = 9
    union all
    select
        accepted.counterparty_no,
        accepted.siren,
        accepted.siret,
        'review' as match_method,
        cast(1 as decimal(9, 6)) as match_probability,
        units.siren is not null as is_registered,
        false as is_name_doubtful,
        1 as preference,
    from accepted
    left join units on units.siren = accepted.siren
    union all
    select
        counterparty_no,
        siren,
        siret,
        match_method,
        cast(case when is_name_doubtful then 0.8 else 1 end as decimal(9, 6)),
        is_registered,
        is_name_doubtful,
        2 as preference,
    from numbered
    union all
    select
        counterparty_no,
        siren,
        siret,
        match_method,
        match_probability,
        true as is_registered,
        false as is_name_doubtful,
        3 as preference,
    from found
),

final as (
    select
        told.counterparty_no,
        subjects.entity_id,
        subjects.side,
        subjects.counterparty_id,
        told.siren,
        told.siret,
        told.match_method,
        told.match_probability,
        told.is_registered,
        told.is_name_doubtful,
    from told
    inner join subjects on subjects.counterparty_no = told.counterparty_no
    qualify row_number() over (
        partition by told.counterparty_no order by told.preference, told.siren
    ) = 1
)

select * from final
