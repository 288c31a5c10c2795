-- grain: one row per counterparty and candidate
-- key: entity_id, side, counterparty_id, candidate_siren, candidate_siret
-- sort: entity_id, side, counterparty_id, rank_no
-- question: Which company may a customer or supplier be, why, and what was decided?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   candidate_siren: SIREN of the candidate
--   candidate_siret: SIRET of the candidate; null: the legal unit
--   rank_no: rank of the candidate, 1 is the best
--   counterparty_name: name of the customer or supplier
--   counterparty_postal_code: its postal code
--   counterparty_city: its city
--   candidate_name: name of the candidate
--   candidate_postal_code: its postal code
--   candidate_city: its city
--   candidate_legal_form: its legal form
--   candidate_state: A active, C ceased
--   match_method: what found the candidate
--   match_probability: probability that it is the same, 0 to 1
--   margin_bits: distance to the next candidate
--   name_bits: what the names say, in bits
--   place_bits: what the places say, in bits
--   street_bits: what the streets say, in bits
--   form_bits: what the legal forms say, in bits
--   activity_bits: what the activities say, in bits
--   state_bits: what its being active or ceased says, in bits
--   verdict: accepted, review or rejected, by the rules
--   decision: accept or reject; null: nobody decided
--   decided_by: who decided
--   decided_on: day of the decision
-- decisions: 117, 118, 124
with

subjects as (
    select * from int_match_subjects
),

candidates as (
    select * from int_match_candidates
    where rank_no <= 5
),

decisions as (
    select * from int_review_decisions
    where subject_kind = 'counterparty'
),

considered as (
    select
        subjects.entity_id,
        subjects.side,
        subjects.counterparty_id,
        subjects.name as counterparty_name,
        subjects.postal_code as counterparty_postal_code,
        subjects.city as counterparty_city,
        candidates.*,
    from candidates
    inner join subjects on subjects.counterparty_no = candidates.counterparty_no
    -- one that is far from being the company is none, the best of them apart
    where candidates.verdict <> 'rejected' or candidates.rank_no = 1
),

final as (
    select
        considered.entity_id,
        considered.side,
        considered.counterparty_id,
        considered.siren as candidate_siren,
        considered.siret as candidate_siret,
        considered.rank_no,
        considered.counterparty_name,
        considered.counterparty_postal_code,
        considered.counterparty_city,
        considered.candidate_name,
        considered.candidate_postal_code,
        considered.candidate_city,
        coalesce(forms.form_fr, considered.candidate_form) as candidate_legal_form,
        considered.candidate_state,
        case when considered.is_exact then 'name' else 'probabilistic' end as match_method,
        considered.match_probability,
        considered.margin_bits,
        considered.name_bits,
        cast(considered.place_bits as decimal(9, 3)) as place_bits,
        cast(considered.street_bits as decimal(9, 3)) as street_bits,
        cast(considered.form_bits as decimal(9, 3)) as form_bits,
        cast(0 as decimal(9, 3)) as activity_bits,
        cast(considered.state_bits as decimal(9, 3)) as state_bits,
        considered.verdict,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_on,
    from considered
    left join ref_legal_forms as forms on forms.legal_form_code = considered.candidate_form
    left join decisions
        on decisions.entity_id = considered.entity_id
        and decisions.side = considered.side
        and decisions.subject_id = considered.counterparty_id
        and left(decisions.candidate_id, 9) = considered.siren
)

select * from final
