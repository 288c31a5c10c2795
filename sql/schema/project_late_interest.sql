-- Rules of encours.yaml on late interest, one row per rule and pattern; the last rule that fits wins.
-- key: rule_no, pattern
create table project_late_interest (
    rule_no integer not null,               -- place of the rule in the file, from 1
    entity_id varchar,                      -- null: every entity
    side varchar,                           -- null: customers and suppliers
    pattern varchar not null,               -- counterparty code, * and ? allowed
    rate decimal(9, 4),                     -- contractual rate, percent per year; null: the rule gives none
    regime varchar                          -- business, public_buyer or consumer; null: the rule says nothing
);
