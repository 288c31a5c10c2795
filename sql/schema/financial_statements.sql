-- Yearly accounts of companies: what scores and limits are made of. Missing is not zero.
-- key: siren, closing_date, accounts_type
create table financial_statements (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    siren varchar not null,                 -- SIREN, 9 digits
    closing_date date not null,             -- end of the fiscal year
    accounts_type varchar not null,         -- C: complete, S: simplified, K: consolidated
    published_on date,                      -- day they were public; null: not told
    currency varchar,                       -- currency, ISO 4217; null: euro
    months integer,                         -- length of the fiscal year in months; null: 12
    sales decimal(18, 2),                   -- turnover without tax
    purchases decimal(18, 2),               -- purchases and outside services (2052 FS + FU + FW)
    value_added decimal(18, 2),             -- value added
    personnel_cost decimal(18, 2),          -- wages and social charges
    ebitda decimal(18, 2),                  -- gross operating surplus (EBE)
    ebit decimal(18, 2),                    -- operating result before interest and tax
    financial_charges decimal(18, 2),       -- interest and like charges
    net_income decimal(18, 2),              -- net result
    total_assets decimal(18, 2),            -- total of the balance sheet
    current_assets decimal(18, 2),          -- current assets
    inventory decimal(18, 2),               -- inventory
    receivables decimal(18, 2),             -- receivables
    cash decimal(18, 2),                    -- cash and marketable securities
    equity decimal(18, 2),                  -- equity
    retained_earnings decimal(18, 2),       -- reserves, result carried forward and result
    permanent_capital decimal(18, 2),       -- equity, provisions and debt beyond a year
    total_debt decimal(18, 2),              -- all debt
    financial_debt decimal(18, 2),          -- debt to banks and bondholders
    current_liabilities decimal(18, 2),     -- debt within a year
    market_equity decimal(18, 2),           -- market value of the equity, of a listed company
    is_listed boolean,                      -- its shares are listed
    is_industrial boolean,                  -- it makes things: which scores apply
    is_confidential boolean,                -- they may not be read
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
