-- grain: one row per company, fiscal year and type of accounts
-- key: siren, closing_date, accounts_type
-- question: What do the accounts of a company say?
-- materialized: table
-- columns:
--   siren: SIREN, 9 digits
--   closing_date: end of the fiscal year
--   accounts_type: C: complete, S: simplified, K: consolidated
--   published_on: day they were public; null: not told
--   currency: currency, ISO 4217; null: euro
--   months: length of the fiscal year in months; null: 12
--   sales: turnover without tax
--   purchases: purchases and outside services (2052 FS + FU + FW)
--   value_added: value added
--   personnel_cost: wages and social charges
--   ebitda: gross operating surplus (EBE)
--   ebit: operating result before interest and tax
--   financial_charges: interest and like charges
--   net_income: net result
--   total_assets: total of the balance sheet
--   current_assets: current assets
--   inventory: inventory
--   receivables: receivables
--   cash: cash and marketable securities
--   equity: equity
--   retained_earnings: reserves, result carried forward and result
--   permanent_capital: equity, provisions and debt beyond a year
--   total_debt: all debt
--   financial_debt: debt to banks and bondholders
--   current_liabilities: debt within a year
--   market_equity: market value of the equity, of a listed company
--   is_listed: its shares are listed
--   is_industrial: it makes things: which scores apply
--   is_confidential: they may not be read
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from financial_statements
),

batches as (
    select * from stg_landing__batches
    where dataset = 'financial_statements'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        rows_landed.siren,
        rows_landed.closing_date,
        rows_landed.accounts_type,
        rows_landed.published_on,
        rows_landed.currency,
        rows_landed.months,
        rows_landed.sales,
        rows_landed.purchases,
        rows_landed.value_added,
        rows_landed.personnel_cost,
        rows_landed.ebitda,
        rows_landed.ebit,
        rows_landed.financial_charges,
        rows_landed.net_income,
        rows_landed.total_assets,
        rows_landed.current_assets,
        rows_landed.inventory,
        rows_landed.receivables,
        rows_landed.cash,
        rows_landed.equity,
        rows_landed.retained_earnings,
        rows_landed.permanent_capital,
        rows_landed.total_debt,
        rows_landed.financial_debt,
        rows_landed.current_liabilities,
        rows_landed.market_equity,
        rows_landed.is_listed,
        rows_landed.is_industrial,
        rows_landed.is_confidential,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by rows_landed.siren, rows_landed.closing_date, rows_landed.accounts_type
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        siren,
        closing_date,
        accounts_type,
        published_on,
        currency,
        months,
        sales,
        purchases,
        value_added,
        personnel_cost,
        ebitda,
        ebit,
        financial_charges,
        net_income,
        total_assets,
        current_assets,
        inventory,
        receivables,
        cash,
        equity,
        retained_earnings,
        permanent_capital,
        total_debt,
        financial_debt,
        current_liabilities,
        market_equity,
        is_listed,
        is_industrial,
        is_confidential,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
