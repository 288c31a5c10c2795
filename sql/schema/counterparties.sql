-- Customers and suppliers, as the accounting or sales software knows them.
-- key: entity_id, side, counterparty_id
-- values of side: customer, supplier
create table counterparties (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    side varchar not null,                  -- customer or supplier
    counterparty_id varchar not null,       -- code of the customer or supplier, as text
    name varchar,                           -- name
    siren varchar,                          -- SIREN, 9 digits
    siret varchar,                          -- SIRET, 14 digits
    vat_number varchar,                     -- VAT number, without spaces
    street varchar,                         -- street and number
    postal_code varchar,                    -- postal code, as text
    city varchar,                           -- city
    country varchar,                        -- country, ISO 3166 code where known
    email varchar,                          -- e-mail address
    phone varchar,                          -- telephone number
    payment_terms varchar,                  -- payment terms in words, such as 45 jours fin de mois
    credit_limit decimal(18, 2),            -- credit limit, in currency
    currency varchar,                       -- currency of the account, ISO 4217
    parent_id varchar,                      -- code of the parent or paying counterparty
    account_manager varchar,                -- who looks after the customer
    category varchar,                       -- category of the source
    opened_on date,                         -- day the account was opened
    is_blocked boolean,                     -- deliveries are blocked
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
