-- Establishments that took the place of others (Sirene successions).
-- key: predecessor_siret, successor_siret, succession_date
create table successions (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    predecessor_siret varchar not null,     -- SIRET of the establishment before
    successor_siret varchar not null,       -- SIRET of the one after it
    succession_date date not null,          -- day of the succession
    is_head_office_transfer boolean,        -- the head office moved
    is_economic_continuity boolean,         -- the business goes on
    processed_on date,                      -- day on which the register took it up
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
