-- Which source of an attribute of a customer or supplier goes before which.
-- key: attribute, source
-- values of attribute: name, siren, siret, vat_number, country, street, postal_code, city, email, phone, parent_id, account_manager, payment_terms, credit_limit, naf_code, legal_form, headcount_band, legal_status
-- values of source: person, identity, erp, ledger, crm, sirene
create table ref_attribute_precedence (
    attribute varchar not null,             -- attribute
    source varchar not null,                -- where a value comes from
    rank_no integer not null,               -- 1 goes before 2; of the address all parts come from one source
    is_compared boolean not null            -- another value of a lower rank is a conflict
);
