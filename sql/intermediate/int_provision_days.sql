-- grain: one row per fiscal year, kind of provision account, counterparty and day
-- key: fy_no, kind, counterparty_id, ledger_date
-- question: What does the ledger say of provisions on customers and of write-offs?
-- materialized: table
-- columns:
--   fy_no: fiscal year
--   entity_id: identifier of the entity
--   fiscal_year_start: first day of the fiscal year
--   ends_before: start of the next fiscal year that is loaded, null for the last
--   kind: opening, allowance, charge, reversal or write_off
--   counterparty_id: auxiliary account of the line, empty where there is none
--   ledger_date: accounting date; the first day of the year for an opening
--   amount: allowances, reversals: credit less debit; charges, write-offs: debit less credit
-- decisions: 39
with

lines as not materialized (
    select * from stg_fec__lines
    where
        account like '49%'
        or account like '65%'
        or account like '68%'
        or account like '78%'
),

prefixes as (
    select * from ref_provision_accounts
),

fiscal_years as (
    select * from stg_fec__fiscal_years
),

openings as (
    select * from int_opening_entries
),

summed as (
    select
        fy_no,
        journal_code,
        entry_number,
        entry_date,
        account,
        coalesce(aux_account, '') as counterparty_id,
        sum(debit_less_credit) as amount,
    from lines
    group by all
),

kinds as (
    select
        numbers.account,
        arg_max(
            prefixes.kind, (length(prefixes.account_prefix), prefixes.account_prefix)
        ) as kind,
    from (select distinct account from summed) as numbers
    inner join prefixes on starts_with(numbers.account, prefixes.account_prefix)
    group by numbers.account
),

days as (
    select
        summed.fy_no,
        case
            when kinds.kind = 'allowance' and openings.fy_no is not null then 'opening'
            else kinds.kind
        end as kind,
        summed.counterparty_id,
        case
            when openings.fy_no is not null then fiscal_years.fiscal_year_start
            else greatest(summed.entry_date, fiscal_years.fiscal_year_start)
        end as ledger_date,
        case when kinds.kind in ('charge', 'write_off') then summed.amount else -summed.amount end
            as amount,
    from summed
    inner join kinds on kinds.account = summed.account
    inner join fiscal_years on fiscal_years.fy_no = summed.fy_no
    left join openings
        on openings.fy_no = summed.fy_no
        and openings.journal_code = summed.journal_code
        and openings.entry_number = summed.entry_number
        and openings.entry_date = summed.entry_date
),

final as (
    select
        days.fy_no,
        fiscal_years.entity_id,
        fiscal_years.fiscal_year_start,
        fiscal_years.ends_before,
        days.kind,
        days.counterparty_id,
        days.ledger_date,
        cast(sum(days.amount) as decimal(18, 2)) as amount,
    from days
    inner join fiscal_years on fiscal_years.fy_no = days.fy_no
    group by all
)

select * from final
