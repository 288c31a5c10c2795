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
-- decisions: 124
with

decisions as (
    select * from int_review_decisions
),

final as (
    select
        entity_id,
        side,
        subject_id as counterparty_id,
        candidate_id as candidate_siren,
        cast(null as varchar) as candidate_siret,
        cast(1 as integer) as rank_no,
        cast(null as varchar) as counterparty_name,
        cast(null as varchar) as counterparty_postal_code,
        cast(null as varchar) as counterparty_city,
        cast(null as varchar) as candidate_name,
        cast(null as varchar) as candidate_postal_code,
        cast(null as varchar) as candidate_city,
        cast(null as varchar) as candidate_legal_form,
        cast(null as varchar) as candidate_state,
        cast(null as varchar) as match_method,
        cast(null as decimal(9, 6)) as match_probability,
        cast(null as decimal(9, 3)) as margin_bits,
        cast(null as decimal(9, 3)) as name_bits,
        cast(null as decimal(9, 3)) as place_bits,
        cast(null as decimal(9, 3)) as street_bits,
        cast(null as decimal(9, 3)) as form_bits,
        cast(null as decimal(9, 3)) as activity_bits,
        cast(null as decimal(9, 3)) as state_bits,
        cast('review' as varchar) as verdict,
        decision,
        decided_by,
        decided_on,
    from decisions
    where false
)

select * from final
