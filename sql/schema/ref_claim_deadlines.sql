-- How long a claim may be declared after the judgment that opens a procedure is published; the line
-- without an entity is for every other one.
-- key: entity_id
create table ref_claim_deadlines (
    entity_id varchar,                      -- entity of encours.yaml; null: every other one
    months integer not null,                -- months from the publication in the BODACC
    source varchar not null                 -- text of law
);
