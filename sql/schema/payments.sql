-- Payments received from customers or made to suppliers. Amounts are positive in that
-- direction and negative for a refund or a returned payment.
-- key: entity_id, side, payment_id
-- values of side: customer, supplier
-- values of method: transfer, cheque, direct debit, card, bill, cash, other
create table payments (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    side varchar not null,                  -- customer or supplier
    payment_id varchar not null,            -- identifier of the payment
    counterparty_id varchar not null,       -- code of the customer or supplier, as text
    payment_date date not null,             -- date of the payment
    currency varchar,                       -- currency of the amount, ISO 4217; null: that of the entity
    amount decimal(18, 2) not null,         -- amount paid
    method varchar,                         -- transfer, cheque, direct debit, card, bill, cash or other
    reference varchar,                      -- reference given by the payer
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
