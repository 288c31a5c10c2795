-- Disputed invoices and amounts.
-- key: entity_id, dispute_id
-- values of status: open, accepted, refused, closed
create table disputes (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    dispute_id varchar not null,            -- identifier of the dispute
    document_id varchar,                    -- the disputed invoice
    counterparty_id varchar not null,       -- code of the customer, as text
    amount decimal(18, 2),                  -- disputed amount; null: what is open of the document
    reason varchar,                         -- reason: price, quality, delivery, administrative …
    status varchar,                         -- open, accepted, refused or closed
    opened_on date not null,                -- day it was raised
    closed_on date,                         -- day it was settled
    owner varchar,                          -- who handles it
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
