-- grain: one row per counterparty and end of a fiscal year
-- key: entity_id, side, counterparty_id, closing_date
-- sort: entity_id, side, counterparty_id, closing_date
-- question: What do the accounts of a customer or supplier say, as far as they are public?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   siren: SIREN of the company
--   closing_date: end of the fiscal year
--   known_date: day from which they count: that of their publication, else seven months after
--     closing_date
--   accounts_type: C complete, S simplified or K consolidated
--   currency: currency of the amounts, ISO 4217
--   month_count: length of the fiscal year in months
--   sales_amount: turnover without tax, in currency
--   purchases_amount: purchases and outside services, in currency
--   ebitda_amount: gross operating surplus (EBE), in currency
--   ebit_amount: operating result, in currency
--   net_income_amount: net result, in currency
--   equity_amount: equity, in currency
--   assets_amount: total of the balance sheet, in currency
--   debt_amount: all debt, in currency
--   equity_percent: financial autonomy as INPI publishes it, percent
--   debt_percent: debt to equity as INPI publishes it, percent
--   liquidity_percent: liquidity as INPI publishes it, percent
--   customer_days: credit given to customers as INPI publishes it
--   supplier_days: credit taken from suppliers as INPI publishes it
--   is_latest: no later accounts are known
-- decisions: 109
with

settings as (
    select * from params
),

known as (
    select
        accounts.*,
        row_number() over (
            partition by accounts.siren order by accounts.closing_date desc
        ) as place_no,
    from int_company_accounts as accounts
    cross join settings
    where accounts.known_date <= settings.as_of
),

final as (
    select
        identities.entity_id,
        identities.side,
        identities.counterparty_id,
        known.siren,
        known.closing_date,
        known.known_date,
        known.accounts_type,
        known.currency,
        known.months as month_count,
        known.sales as sales_amount,
        known.purchases as purchases_amount,
        known.ebitda as ebitda_amount,
        known.ebit as ebit_amount,
        known.net_income as net_income_amount,
        known.equity as equity_amount,
        known.total_assets as assets_amount,
        known.total_debt as debt_amount,
        known.equity_percent,
        known.debt_percent,
        known.liquidity_percent,
        known.customer_days,
        known.supplier_days,
        known.place_no = 1 as is_latest,
    from known
    inner join int_identities as identities on identities.siren = known.siren
)

select * from final
