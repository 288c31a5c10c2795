-- What a legal unit was in each period of its life (Sirene history).
-- key: siren, valid_from
-- values of legal_state: A, C
create table legal_unit_periods (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    siren varchar not null,                 -- SIREN, 9 digits
    valid_from date not null,               -- first day of the period; 1900-01-01: not known
    valid_to date,                          -- last day of the period; null: it lasts
    legal_state varchar,                    -- A: active, C: ceased
    name varchar,                           -- name of a company
    last_name varchar,                      -- family name of a person
    legal_form_code varchar,                -- legal form, 4 digits
    naf_code varchar,                       -- main activity, NN.NNX
    head_office_nic varchar,                -- NIC of the head office, 5 digits
    is_employer boolean,                    -- it employed people
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
