-- The batches that are known to a build: one row per committed batch of the landing zone.
-- key: batch_id
create table landing_batches (
    batch_no integer not null,              -- rank of the batch among those known, by known_on, loaded_at, batch_id
    batch_id varchar not null,              -- identifier of the batch
    dataset varchar not null,               -- dataset of the landing contract
    source varchar not null,                -- source of encours.yaml, or the kind of an ad hoc load
    scope varchar not null,                 -- what a full batch replaces: source, entity, start of the fiscal year
    mode varchar not null,                  -- full or delta
    entity_id varchar not null,             -- the entity of encours.yaml
    fiscal_year_start date,                 -- first day of the fiscal year, for ledgers
    first_date date,                        -- earliest business date of the rows
    last_date date,                         -- latest business date of the rows
    extract_date date,                      -- declared date of the extract
    loaded_at timestamp not null,           -- when the batch was committed, UTC
    known_on date not null,                 -- extract_date, else the day of loaded_at
    row_count bigint not null,              -- rows landed
    reject_count bigint not null,           -- lines kept in rejects
    source_file varchar not null            -- name of the extract
);
