-- What a payment or a credit note settles of an invoice. Exactly one of payment_id and
-- credit_document_id is given.
-- key: entity_id, allocation_id
-- values of side: customer, supplier
create table allocations (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    side varchar not null,                  -- customer or supplier
    allocation_id varchar not null,         -- identifier of the allocation
    payment_id varchar,                     -- the payment that settles
    credit_document_id varchar,             -- the credit note that settles
    document_id varchar not null,           -- the invoice that is settled
    instalment integer not null,            -- its instalment, 1 where there is one
    amount decimal(18, 2) not null,         -- amount settled, positive
    allocation_date date,                   -- date of the allocation; null: the later of both documents
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
