-- grain: one row per fiscal year, control account family and day
-- key: fy_no, side, account_family, ledger_date
-- question: What does the ledger itself say, without any matching?
-- materialized: table
-- columns:
--   fy_no: fiscal year
--   entity_id: identifier of the entity
--   fiscal_year_start: first day of the fiscal year
--   ends_before: start of the next fiscal year that is loaded, null for the last
--   side: customer or supplier
--   account_family: control account of the chart
--   is_aged: part of the open amount and of the ageing
--   ledger_date: accounting date; the first day of the year for an opening and for what is
--     dated before it
--   amount: positive in the normal direction of the side
-- decisions: 6
with

lines as not materialized (
    select * from stg_fec__lines
    where account like '40%' or account like '41%'
),

openings as (
    select * from int_opening_entries
),

fiscal_years as (
    select * from stg_fec__fiscal_years
),

control_accounts as (
    select * from ref_control_accounts
),

line_days as (
    select
        lines.fy_no,
        lines.account,
        greatest(lines.entry_date, fiscal_years.fiscal_year_start) as ledger_date,
        sum(lines.debit_less_credit) as amount,
    from lines
    inner join fiscal_years on fiscal_years.fy_no = lines.fy_no
    group by all
),

-- what opens a year on a later day is moved to its first
late_openings as (
    select
        lines.fy_no,
        lines.account,
        openings.fiscal_year_start,
        openings.entry_date,
        sum(lines.debit_less_credit) as amount,
    from lines
    inner join (
        select
            openings.*,
            fiscal_years.fiscal_year_start,
        from openings
        inner join fiscal_years on fiscal_years.fy_no = openings.fy_no
        where openings.entry_date > fiscal_years.fiscal_year_start
    ) as openings
        on openings.fy_no = lines.fy_no
        and openings.journal_code = lines.journal_code
        and openings.entry_number = lines.entry_number
        and openings.entry_date = lines.entry_date
    group by all
),

days as (
    select fy_no, account, ledger_date, amount from line_days
    union all
    select fy_no, account, fiscal_year_start, amount from late_openings
    union all
    select fy_no, account, entry_date, -amount from late_openings
),

-- the longest prefix wins
families as (
    select
        numbers.account,
        arg_max(
            control_accounts,
            (length(control_accounts.account_prefix), control_accounts.account_prefix)
        ) as family,
    from (select distinct account from days) as numbers
    inner join control_accounts
        on starts_with(numbers.account, control_accounts.account_prefix)
    group by numbers.account
),

final as (
    select
        days.fy_no,
        fiscal_years.entity_id,
        fiscal_years.fiscal_year_start,
        fiscal_years.ends_before,
        families.family.side as side,
        cast(families.family.account_family as varchar) as account_family,
        families.family.is_aged as is_aged,
        days.ledger_date,
        cast(sum(
            case when families.family.side = 'customer' then days.amount else -days.amount end
        ) as decimal(18, 2)) as amount,
    from days
    inner join families on families.account = days.account
    inner join fiscal_years on fiscal_years.fy_no = days.fy_no
    group by all
)

select * from final
