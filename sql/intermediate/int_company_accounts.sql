-- grain: one row per company and end of a fiscal year
-- key: siren, closing_date
-- question: What do the accounts of a company say, of the type that tells most?
-- materialized: table
-- columns:
--   siren: SIREN, 9 digits
--   closing_date: end of the fiscal year
--   known_date: day from which they count: that of their publication, else seven months after
--     closing_date
--   accounts_type: C complete, S simplified or K consolidated, in this order the one that counts
--   currency: currency of the amounts, ISO 4217
--   months: length of the fiscal year in months
--   sales: turnover without tax
--   purchases: purchases and outside services
--   value_added: value added
--   personnel_cost: wages and social charges
--   ebitda: gross operating surplus (EBE)
--   ebit: operating result before interest and tax
--   financial_charges: interest and like charges
--   net_income: net result
--   total_assets: total of the balance sheet
--   current_assets: current assets
--   receivables: receivables
--   cash: cash and marketable securities
--   equity: equity
--   retained_earnings: reserves, result carried forward and result
--   permanent_capital: equity, provisions and debt beyond a year
--   total_debt: all debt
--   current_liabilities: debt within a year
--   market_equity: market value of the equity
--   is_listed: its shares are listed
--   is_industrial: it makes things
--   equity_percent: financial autonomy as INPI publishes it, percent
--   debt_percent: debt to equity as INPI publishes it, percent
--   liquidity_percent: liquidity as INPI publishes it, percent
--   customer_days: credit given to customers as INPI publishes it, days
--   supplier_days: credit taken from suppliers as INPI publishes it, days
-- decisions: 109
with

statements as (
    select *
    from stg_finance__statements
    qualify row_number() over (
        partition by siren, closing_date
        order by
            case accounts_type when 'C' then 1 when 'S' then 2 when 'K' then 3 else 4 end,
            accounts_type
    ) = 1
),

ratios as (
    select *
    from stg_inpi__financial_ratios
    qualify row_number() over (
        partition by siren, closing_date
        order by
            case accounts_type when 'C' then 1 when 'S' then 2 when 'K' then 3 else 4 end,
            accounts_type
    ) = 1
),

-- ratios are those of the accounts where both are of one type, and stand alone without accounts
joined as (
    select
        coalesce(statements.siren, ratios.siren) as siren,
        coalesce(statements.closing_date, ratios.closing_date) as closing_date,
        statements.published_on,
        coalesce(statements.accounts_type, ratios.accounts_type) as accounts_type,
        coalesce(statements.currency, 'EUR') as currency,
        coalesce(statements.months, 12) as months,
        statements.sales as own_sales,
        ratios.sales as told_sales,
        statements.ebitda as own_ebitda,
        ratios.ebitda as told_ebitda,
        statements.ebit as own_ebit,
        ratios.ebit as told_ebit,
        statements.net_income as own_net_income,
        ratios.net_income as told_net_income,
        coalesce(statements.currency, 'EUR') = 'EUR'
        and (
            statements.siren is null or statements.accounts_type = ratios.accounts_type
        ) as is_alike,
        statements.purchases,
        statements.value_added,
        statements.personnel_cost,
        statements.financial_charges,
        statements.total_assets,
        statements.current_assets,
        statements.receivables,
        statements.cash,
        statements.equity,
        statements.retained_earnings,
        statements.permanent_capital,
        statements.total_debt,
        statements.current_liabilities,
        statements.market_equity,
        statements.is_listed,
        statements.is_industrial,
        ratios.equity_percent,
        ratios.debt_percent,
        ratios.liquidity_percent,
        ratios.customer_days,
        ratios.supplier_days,
    from statements
    full join ratios
        on ratios.siren = statements.siren
        and ratios.closing_date = statements.closing_date
),

final as (
    select
        siren,
        closing_date,
        coalesce(published_on, cast(closing_date + interval 7 months as date)) as known_date,
        accounts_type,
        currency,
        months,
        coalesce(own_sales, case when is_alike then told_sales end) as sales,
        purchases,
        value_added,
        personnel_cost,
        coalesce(own_ebitda, case when is_alike then told_ebitda end) as ebitda,
        coalesce(own_ebit, case when is_alike then told_ebit end) as ebit,
        financial_charges,
        coalesce(own_net_income, case when is_alike then told_net_income end) as net_income,
        total_assets,
        current_assets,
        receivables,
        cash,
        equity,
        retained_earnings,
        permanent_capital,
        total_debt,
        current_liabilities,
        market_equity,
        is_listed,
        is_industrial,
        equity_percent,
        debt_percent,
        liquidity_percent,
        customer_days,
        supplier_days,
    from joined
)

select * from final
