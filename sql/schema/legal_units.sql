-- Legal units: companies and sole traders, as the register of INSEE (Sirene) knows them.
-- key: siren
-- values of legal_state: A, C
-- values of diffusion_status: O, P, N
create table legal_units (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    siren varchar not null,                 -- SIREN, 9 digits
    diffusion_status varchar,               -- O: public, P: partly public, names and addresses masked
    legal_state varchar,                    -- A: active, C: ceased
    state_since date,                       -- first day of the latest period, and so of its state
    created_on date,                        -- day the unit was created
    name varchar,                           -- name of a company
    acronym varchar,                        -- acronym
    usual_name_1 varchar,                   -- name by which it is known
    usual_name_2 varchar,                   -- second name by which it is known
    usual_name_3 varchar,                   -- third name by which it is known
    last_name varchar,                      -- family name of a person
    usage_name varchar,                     -- name that the person uses
    first_name varchar,                     -- first name of a person
    legal_form_code varchar,                -- legal form (catégorie juridique), 4 digits; 1000: a person
    naf_code varchar,                       -- main activity, NN.NNX
    naf_nomenclature varchar,               -- nomenclature of naf_code, such as NAFRev2
    naf25_code varchar,                     -- main activity by NAF 2025
    headcount_band varchar,                 -- number of employees by band, 2 characters of INSEE
    headcount_year integer,                 -- year of headcount_band
    company_category varchar,               -- PME, ETI or GE
    head_office_nic varchar,                -- NIC of the head office, 5 digits
    is_employer boolean,                    -- it employs people
    is_purged boolean,                      -- its details were removed from the register
    updated_on date,                        -- day of the last change in the register
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
