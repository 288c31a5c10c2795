-- Establishments of legal units, as the register of INSEE (Sirene) knows them.
-- key: siret
-- values of state: A, F
-- values of diffusion_status: O, P, N
create table establishments (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    siret varchar not null,                 -- SIRET, 14 digits
    siren varchar not null,                 -- SIREN of the legal unit, 9 digits
    diffusion_status varchar,               -- O: public, P: partly public, names and addresses masked
    state varchar,                          -- A: active, F: closed
    state_since date,                       -- first day of the latest period, and so of its state
    created_on date,                        -- day it was created
    is_head_office boolean,                 -- it is the head office
    sign_1 varchar,                         -- sign over the door (enseigne)
    sign_2 varchar,                         -- second sign
    sign_3 varchar,                         -- third sign
    usual_name varchar,                     -- name by which it is known
    address_complement varchar,             -- building, staircase …
    street_number varchar,                  -- number in the street
    street_repetition varchar,              -- B, T … behind the number
    street_type varchar,                    -- type of the street, as INSEE shortens it
    street_name varchar,                    -- name of the street
    postal_code varchar,                    -- postal code, 5 characters
    city varchar,                           -- commune
    city_abroad varchar,                    -- city abroad
    commune_code varchar,                   -- commune, 5 characters of INSEE
    cedex_code varchar,                     -- postal code of the CEDEX
    country varchar,                        -- country abroad; null: France
    naf_code varchar,                       -- main activity, NN.NNX
    headcount_band varchar,                 -- number of employees by band, 2 characters of INSEE
    is_employer boolean,                    -- it employs people
    updated_on date,                        -- day of the last change in the register
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
