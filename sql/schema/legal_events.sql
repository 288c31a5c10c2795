-- Notices about companies: procedures, sales of a business, accounts filed … (BODACC and others).
-- key: notice_id, siren, role
-- values of role: subject, seller, buyer, lessee
-- values of notice_type: notice, correction, cancellation
create table legal_events (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    notice_id varchar not null,             -- identifier of the notice, such as A202601721671
    siren varchar not null,                 -- SIREN of a company that it names, 9 digits
    role varchar not null,                  -- what the notice says of this company: see the values
    notice_type varchar not null,           -- an ordinary notice, or what it does to an earlier one
    corrects_id varchar,                    -- identifier of the notice that it corrects or cancels
    bulletin varchar,                       -- A, B or C
    issue varchar,                          -- issue of the bulletin (parution), such as 20260172
    notice_number varchar,                  -- number in the issue
    published_on date not null,             -- day of publication
    event_date date,                        -- day of the judgment or of the event; null: not told
    family varchar,                         -- family of the notice by the code of the BODACC: collective …
    nature varchar,                         -- nature of the judgment or of the act, as it is written
    details varchar,                        -- what is written beside it, without line ends
    court varchar,                          -- court or registry
    name varchar,                           -- name of the company, as the notice writes it
    is_person boolean,                      -- the company is a natural person
    postal_code varchar,                    -- postal code
    city varchar,                           -- city
    closing_date date,                      -- of accounts filed: end of the fiscal year
    deposit_type varchar,                   -- of accounts filed: what was filed
    is_confidential boolean,                -- of accounts filed: they may not be read
    price_amount decimal(18, 2),            -- of a sale: the price in the text, euros
    url varchar,                            -- page of the notice
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
