-- The entities of encours.yaml.
-- key: entity_id
create table project_entities (
    entity_no smallint not null,            -- rank of the entity by entity_id, from 1
    entity_id varchar not null,             -- identifier of the entity
    entity_name varchar not null,           -- name of the entity
    siren varchar,                          -- SIREN of the entity
    currency varchar not null,              -- ISO 4217 code of the ledger
    matching varchar not null,              -- lettering, or fifo where a ledger carries no lettering
    end_of_month varchar not null           -- days_first or month_first: how "45 jours fin de mois" is read
);
