-- What persons decided about the identity of counterparties: the latest decision of each subject
-- and candidate, without those that were undone.
-- key: subject_kind, entity_id, side, subject_id, candidate_kind, candidate_id
create table review_decisions (
    subject_kind varchar not null,          -- counterparty, crm_account or duplicate
    entity_id varchar not null,             -- the entity of encours.yaml
    side varchar not null,                  -- customer or supplier
    subject_id varchar not null,            -- code of the subject when it was decided
    candidate_kind varchar not null,        -- what the candidate is, such as siren
    candidate_id varchar not null,          -- SIREN of the candidate, or SIRET
    decision varchar not null,              -- accept: the candidate is the subject; reject: it is not
    decided_by varchar not null,            -- who decided
    decided_on date not null,               -- day of the decision
    name_key varchar,                       -- name of the subject then, in capitals, bare of accents and signs
    postal_code varchar,                    -- postal code of the subject then
    decision_no bigint not null             -- number of the decision; a later one is higher
);
