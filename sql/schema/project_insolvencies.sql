-- Insolvency procedures of counterparties, as encours.yaml lists them.
-- key: entity_id, side, pattern, opened_on
create table project_insolvencies (
    entity_id varchar,                      -- null: every entity
    side varchar,                           -- null: customers and suppliers
    pattern varchar not null,               -- counterparty code, * and ? allowed
    opened_on date not null,                -- judgment that opens the procedure
    published_on date                       -- its publication in the BODACC; null: not told
);
