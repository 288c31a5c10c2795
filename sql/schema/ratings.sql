-- Scores and limits of rating agencies, in the terms that all of them share.
-- key: provider, subject_id, rating_date
create table ratings (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    provider varchar not null,              -- the agency
    subject_id varchar not null,            -- number by which the agency knows the company
    rating_date date not null,              -- day of the score
    siren varchar,                          -- SIREN, 9 digits
    vat_number varchar,                     -- VAT number
    duns varchar,                           -- D-U-N-S number
    counterparty_id varchar,                -- own code of the customer, where the agency returns it
    erp_entity_id varchar,                  -- entity of that code; null: any that has it
    name varchar,                           -- name
    country varchar,                        -- country, ISO 3166 code
    score_raw decimal(18, 4),               -- score as the agency gives it
    scale_min decimal(18, 4),               -- worst score of the scale; may be the greater one
    scale_max decimal(18, 4),               -- best score of the scale
    score_100 decimal(5, 2),                -- score, 0 worst to 100 best; null: made from score_raw
    class varchar,                          -- class as the agency gives it
    limit_amount decimal(18, 2),            -- limit that the agency recommends, in limit_currency
    limit_currency varchar,                 -- currency of the limit, ISO 4217
    status varchar,                         -- status of the company, in the words of the agency
    last_accounts_date date,                -- closing date of the last accounts that it knows
    sales decimal(18, 2),                   -- turnover
    net_income decimal(18, 2),              -- net result
    equity decimal(18, 2),                  -- equity
    privilege_social_amount decimal(18, 2), -- registered claims of the social security (URSSAF)
    privilege_tax_amount decimal(18, 2),    -- registered claims of the tax office
    collective_event varchar,               -- collective procedure, in the words of the agency
    event_date date,                        -- day of that event
    payment_delay_days integer,             -- days late of its payments, as the agency sees them
    report_url varchar,                     -- page of the report
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
