-- Customers of encours.yaml whose receivables are sold to a factor or discounted.
-- key: entity_id, pattern, since_date
create table project_factored (
    entity_id varchar,                      -- null: every entity
    pattern varchar not null,               -- customer code, * and ? allowed
    since_date date,                        -- first day, null: from the beginning
    until_date date                         -- last day, null: it goes on
);
