-- grain: one row per subject and candidate about which a person has decided
-- key: subject_kind, entity_id, side, subject_id, candidate_kind, candidate_id
-- question: What did persons decide about the identity of the counterparties of today?
-- materialized: table
-- columns:
--   subject_kind: counterparty, crm_account or duplicate
--   entity_id: identifier of the entity
--   side: customer or supplier
--   subject_id: code of the subject today
--   candidate_kind: what the candidate is, such as siren
--   candidate_id: SIREN or SIRET of the candidate
--   decision: accept or reject
--   decided_by: who decided
--   decided_on: day of the decision
--   decided_subject_id: code of the subject when it was decided
--   decision_no: number of the decision
-- decisions: 124
with

decisions as (
    select * from review_decisions
),

extracts as (
    select * from stg_erp__counterparties
),

ledger_names as (
    select * from int_ledger_names
),

described as (
    select
        ledger_names.entity_id,
        ledger_names.side,
        ledger_names.counterparty_id,
        trim(regexp_replace(
            upper(strip_accents(coalesce(extracts.name, ledger_names.name))),
            '[^\p{L}\p{N}]+', ' ', 'g'
        )) as name_key,
        extracts.postal_code,
    from ledger_names
    left join extracts
        on extracts.entity_no = ledger_names.entity_no
        and extracts.side = ledger_names.side
        and extracts.counterparty_id = ledger_names.counterparty_id
),

-- one alone has this name at this place
told_apart as (
    select
        entity_id,
        side,
        name_key,
        postal_code,
        min(counterparty_id) as counterparty_id,
    from described
    where name_key <> '' and postal_code is not null
    group by entity_id, side, name_key, postal_code
    having count(*) = 1
),

codes as (
    select entity_id, side, counterparty_id from ledger_names
    union
    select entity_id, side, counterparty_id from extracts
),

unknown as (
    select decisions.*
    from decisions
    anti join codes
        on codes.entity_id = decisions.entity_id
        and codes.side = decisions.side
        and codes.counterparty_id = decisions.subject_id
    where decisions.subject_kind = 'counterparty'
),

moved as (
    select
        unknown.decision_no,
        told_apart.counterparty_id,
    from unknown
    inner join told_apart
        on told_apart.entity_id = unknown.entity_id
        and told_apart.side = unknown.side
        and told_apart.name_key = unknown.name_key
        and told_apart.postal_code = unknown.postal_code
),

applied as (
    select
        decisions.subject_kind,
        decisions.entity_id,
        decisions.side,
        coalesce(moved.counterparty_id, decisions.subject_id) as subject_id,
        decisions.candidate_kind,
        decisions.candidate_id,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_on,
        decisions.subject_id as decided_subject_id,
        decisions.decision_no,
    from decisions
    left join moved on moved.decision_no = decisions.decision_no
),

-- two codes that became one: what was decided about its own code counts, then the latest; one
-- candidate alone is accepted
ranked as (
    select
        *,
        row_number() over (
            partition by subject_kind, entity_id, side, subject_id, candidate_kind, candidate_id
            order by (subject_id = decided_subject_id) desc, decision_no desc
        ) as recency,
        row_number() over (
            partition by subject_kind, entity_id, side, subject_id, decision
            order by (subject_id = decided_subject_id) desc, decision_no desc
        ) as decision_recency,
    from applied
),

final as (
    select
        subject_kind,
        entity_id,
        side,
        subject_id,
        candidate_kind,
        candidate_id,
        decision,
        decided_by,
        decided_on,
        decided_subject_id,
        decision_no,
    from ranked
    where recency = 1
        -- one duplicate does not exclude another
        and (decision = 'reject' or decision_recency = 1 or subject_kind = 'duplicate')
)

select * from final
