-- Invoices and credit notes of customers and suppliers. Amounts are positive for an
-- invoice and negative for a credit note, in the currency of the row.
-- key: entity_id, side, document_id, instalment
-- values of side: customer, supplier
-- values of document_type: invoice, credit_note
create table invoices (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    side varchar not null,                  -- customer or supplier
    document_id varchar not null,           -- number of the invoice or credit note
    instalment integer not null,            -- instalment of the document, 1 where there is one
    counterparty_id varchar not null,       -- code of the customer or supplier, as text
    document_type varchar not null,         -- invoice or credit_note
    issue_date date not null,               -- date of the document
    due_date date,                          -- date on which it falls due
    currency varchar,                       -- currency of the amounts, ISO 4217; null: that of the entity
    amount decimal(18, 2) not null,         -- amount including tax, negative for a credit note
    amount_excl_tax decimal(18, 2),         -- amount without tax, negative for a credit note
    order_ref varchar,                      -- number of the order
    is_disputed boolean,                    -- the customer disputes it
    settled_date date,                      -- date on which it was settled in full
    payment_terms varchar,                  -- payment terms in words, where the document carries its own
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
