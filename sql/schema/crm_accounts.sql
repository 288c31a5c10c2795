-- Accounts of a CRM: customers and prospects, as sales knows them; identifiers are those of the source.
-- key: crm_id
create table crm_accounts (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    crm_id varchar not null,                -- identifier in the CRM; of Salesforce in 18 characters
    name varchar not null,                  -- name
    account_number varchar,                 -- code of the customer in the accounting or sales software
    erp_entity_id varchar,                  -- entity whose code account_number is; null: any that has it
    parent_crm_id varchar,                  -- account of the parent company
    owner_id varchar,                       -- salesperson who owns the account, see crm_users
    owner_name varchar,                     -- name of that person, where the extract tells it
    account_type varchar,                   -- customer, prospect, partner …, in the words of the CRM
    industry varchar,                       -- industry, in the words of the CRM
    street varchar,                         -- street and number
    postal_code varchar,                    -- postal code, as text
    city varchar,                           -- city
    region varchar,                         -- state or region
    country varchar,                        -- country, in the words of the CRM
    phone varchar,                          -- telephone number
    email varchar,                          -- e-mail address
    website varchar,                        -- website
    siren varchar,                          -- SIREN, as it was typed
    siret varchar,                          -- SIRET, as it was typed
    vat_number varchar,                     -- VAT number, as it was typed
    duns varchar,                           -- D-U-N-S number
    annual_revenue decimal(18, 2),          -- turnover, in currency
    employees integer,                      -- number of employees
    currency varchar,                       -- currency of the amounts, ISO 4217
    payment_terms varchar,                  -- payment terms in words
    credit_limit decimal(18, 2),            -- credit limit, in currency
    created_on date,                        -- day the account was created
    modified_on date,                       -- day of its last change
    is_deleted boolean,                     -- it is in the bin of the CRM
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
