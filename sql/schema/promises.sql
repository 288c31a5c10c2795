-- Promises to pay.
-- key: entity_id, promise_id
create table promises (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    promise_id varchar not null,            -- identifier of the promise
    counterparty_id varchar not null,       -- code of the customer, as text
    document_id varchar,                    -- the promised invoice; null: the account
    amount decimal(18, 2) not null,         -- promised amount
    promised_date date not null,            -- day by which it was promised
    made_on date,                           -- day on which it was promised
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
