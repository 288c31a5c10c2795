-- Opportunities of a CRM: sales that may come; identifiers are those of the source.
-- key: opportunity_id
create table crm_opportunities (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    opportunity_id varchar not null,        -- identifier in the CRM
    crm_id varchar,                         -- the account, see crm_accounts
    name varchar,                           -- name
    stage varchar,                          -- stage, in the words of the CRM
    amount decimal(18, 2),                  -- amount, in currency
    currency varchar,                       -- currency, ISO 4217; null: that of the entity
    probability_percent decimal(5, 2),      -- probability, 0 to 100
    close_date date,                        -- day on which it is expected to be decided
    opportunity_type varchar,               -- type, in the words of the CRM
    lead_source varchar,                    -- where it came from
    is_closed boolean,                      -- it is decided; null: told by stage
    is_won boolean,                         -- it is won; null: told by stage
    owner_id varchar,                       -- salesperson who owns it, see crm_users
    created_on date,                        -- day it was created
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
