-- Yearly ratios of companies, as INPI publishes them (ratios_inpi_bce). Missing is not zero.
-- key: siren, closing_date, accounts_type
create table financial_ratios (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    siren varchar not null,                 -- SIREN, 9 digits
    closing_date date not null,             -- end of the fiscal year
    accounts_type varchar not null,         -- C: complete, S: simplified, K: consolidated
    sales decimal(18, 2),                   -- turnover, euros
    gross_margin decimal(18, 2),            -- gross margin, euros
    ebitda decimal(18, 2),                  -- gross operating surplus (EBE), euros
    ebit decimal(18, 2),                    -- operating result, euros
    net_income decimal(18, 2),              -- net result, euros
    debt_percent decimal(18, 4),            -- debt to equity, percent
    liquidity_percent decimal(18, 4),       -- liquidity, percent
    age_percent decimal(18, 4),             -- wear of the fixed assets, percent
    equity_percent decimal(18, 4),          -- financial autonomy, percent
    working_capital_percent decimal(18, 4), -- operating working capital to sales, percent
    interest_cover_percent decimal(18, 4),  -- cover of the interest, percent
    cash_flow_percent decimal(18, 4),       -- cash flow to sales, percent
    repayment_ratio decimal(18, 4),         -- debt to cash flow, years
    ebitda_percent decimal(18, 4),          -- EBE to sales, percent
    pretax_percent decimal(18, 4),          -- current result before tax to sales, percent
    working_capital_days decimal(18, 4),    -- operating working capital, days of sales
    inventory_days decimal(18, 4),          -- turnover of the inventory, days
    customer_days decimal(18, 4),           -- credit given to customers, days
    supplier_days decimal(18, 4),           -- credit taken from suppliers, days
    confidentiality varchar,                -- Public, or what may not be read
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
