-- Exchange rates: units of the currency for one unit of the base, as the ECB quotes them.
-- key: currency, base_currency, rate_date
create table exchange_rates (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    currency varchar not null,              -- quoted currency, ISO 4217
    base_currency varchar not null,         -- base currency, EUR for the ECB
    rate_date date not null,                -- day of the rate
    rate decimal(18, 8) not null,           -- units of currency for one unit of base_currency
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
