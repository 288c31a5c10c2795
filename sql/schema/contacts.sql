-- People at the customers and suppliers.
-- key: entity_id, contact_id
-- values of side: customer, supplier
create table contacts (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    contact_id varchar not null,            -- identifier of the contact
    side varchar not null,                  -- customer or supplier
    counterparty_id varchar not null,       -- code of the customer or supplier, as text
    name varchar,                           -- name
    role varchar,                           -- role, such as accounts payable
    email varchar,                          -- e-mail address
    phone varchar,                          -- telephone number
    language varchar,                       -- language, ISO 639 code such as fr
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
