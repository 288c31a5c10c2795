-- Interest rates that the law or contracts refer to, by the day from which they hold.
-- key: kind, valid_from
create table reference_rates (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    kind varchar not null,                  -- ecb_refinancing, legal_professional …
    valid_from date not null,               -- first day of the rate
    rate decimal(9, 4) not null,            -- percent per year
    origin varchar,                         -- where the rate was published
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
