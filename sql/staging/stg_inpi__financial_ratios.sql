-- grain: one row per company, fiscal year and type of accounts
-- key: siren, closing_date, accounts_type
-- question: Which ratios of a company are published?
-- materialized: table
-- columns:
--   siren: SIREN, 9 digits
--   closing_date: end of the fiscal year
--   accounts_type: C: complete, S: simplified, K: consolidated
--   sales: turnover, euros
--   gross_margin: gross margin, euros
--   ebitda: gross operating surplus (EBE), euros
--   ebit: operating result, euros
--   net_income: net result, euros
--   debt_percent: debt to equity, percent
--   liquidity_percent: liquidity, percent
--   age_percent: wear of the fixed assets, percent
--   equity_percent: financial autonomy, percent
--   working_capital_percent: operating working capital to sales, percent
--   interest_cover_percent: cover of the interest, percent
--   cash_flow_percent: cash flow to sales, percent
--   repayment_ratio: debt to cash flow, years
--   ebitda_percent: EBE to sales, percent
--   pretax_percent: current result before tax to sales, percent
--   working_capital_days: operating working capital, days of sales
--   inventory_days: turnover of the inventory, days
--   customer_days: credit given to customers, days
--   supplier_days: credit taken from suppliers, days
--   confidentiality: Public, or what may not be read
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from financial_ratios
),

batches as (
    select * from stg_landing__batches
    where dataset = 'financial_ratios'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        rows_landed.siren,
        rows_landed.closing_date,
        rows_landed.accounts_type,
        rows_landed.sales,
        rows_landed.gross_margin,
        rows_landed.ebitda,
        rows_landed.ebit,
        rows_landed.net_income,
        rows_landed.debt_percent,
        rows_landed.liquidity_percent,
        rows_landed.age_percent,
        rows_landed.equity_percent,
        rows_landed.working_capital_percent,
        rows_landed.interest_cover_percent,
        rows_landed.cash_flow_percent,
        rows_landed.repayment_ratio,
        rows_landed.ebitda_percent,
        rows_landed.pretax_percent,
        rows_landed.working_capital_days,
        rows_landed.inventory_days,
        rows_landed.customer_days,
        rows_landed.supplier_days,
        rows_landed.confidentiality,
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
        sales,
        gross_margin,
        ebitda,
        ebit,
        net_income,
        debt_percent,
        liquidity_percent,
        age_percent,
        equity_percent,
        working_capital_percent,
        interest_cover_percent,
        cash_flow_percent,
        repayment_ratio,
        ebitda_percent,
        pretax_percent,
        working_capital_days,
        inventory_days,
        customer_days,
        supplier_days,
        confidentiality,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
