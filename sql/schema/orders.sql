-- Orders that are not invoiced yet.
-- key: entity_id, order_id
create table orders (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    order_id varchar not null,              -- number of the order
    counterparty_id varchar not null,       -- code of the customer, as text
    order_date date not null,               -- date of the order
    open_amount decimal(18, 2) not null,    -- amount still to be invoiced, including tax
    currency varchar,                       -- currency of the amount, ISO 4217; null: that of the entity
    expected_invoice_date date,             -- when it is expected to be invoiced
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
