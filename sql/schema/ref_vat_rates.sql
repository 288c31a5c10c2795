-- VAT rate by which doubtful receivables and write-offs are brought to amounts without tax.
-- key: entity_id
create table ref_vat_rates (
    entity_id varchar,                      -- entity of encours.yaml; empty: all others
    rate decimal(9, 4) not null,            -- percent
    source varchar                          -- why this rate
);
