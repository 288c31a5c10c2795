-- Counterparties of encours.yaml that belong to the same group.
-- key: entity_id, side, pattern
create table project_intercompany (
    entity_id varchar,                      -- null: every entity
    side varchar,                           -- null: customers and suppliers
    pattern varchar not null                -- counterparty code, * and ? allowed
);
