-- Limits of credit insurers.
-- key: entity_id, policy_id, counterparty_id, siren, valid_from
-- values of cover_status: granted, reduced, refused, cancelled, expired
create table credit_insurance (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    policy_id varchar not null,             -- policy
    counterparty_id varchar,                -- code of the customer; null: told by siren
    siren varchar,                          -- SIREN of the customer, 9 digits
    limit_amount decimal(18, 2) not null,   -- insured limit, in currency; 0: refused
    currency varchar,                       -- currency, ISO 4217; null: that of the entity
    quota_ratio decimal(5, 4),              -- share of a loss that is paid, 0 to 1; null: not told
    valid_from date not null,               -- first day of the cover
    valid_to date,                          -- last day of the cover; null: it lasts
    cover_status varchar,                   -- what became of the request
    declaration_days integer,               -- days overdue after which a claim must be declared
    requested_amount decimal(18, 2),        -- limit that was asked for, in currency
    reason varchar,                         -- why it was reduced or refused
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
