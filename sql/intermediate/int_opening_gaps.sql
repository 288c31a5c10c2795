-- grain: one row per account and fiscal year whose opening is not the closing before it
-- key: account_key, fy_no
-- question: Where does an opening balance differ from the closing of the year before?
-- materialized: table
-- columns:
--   account_key: third-party account
--   fy_no: fiscal year that opens
--   fiscal_year_start: first day of the fiscal year
--   closing_amount: balance of the account at the end of the year before
--   opening_amount: balance of the account in the opening entries
--   item_amount: part of the difference that stands on lines of its own
--   gap_amount: what is left, carried by one item of type opening
--   gap_line_key: identifier of that item
-- decisions: 7
with

lines as (
    select * from int_control_lines
),

fiscal_years as (
    select * from stg_fec__fiscal_years
    where previous_fy_no is not null
),

opening_lines as (
    select * from int_opening_lines
),

balances as (
    select
        account_key,
        fy_no,
        sum(amount) as closing_amount,
        coalesce(sum(amount) filter (where is_opening), 0) as opening_amount,
    from lines
    group by account_key, fy_no
),

item_lines as (
    select
        account_key,
        fy_no,
        sum(amount) as item_amount,
    from opening_lines
    where is_item
    group by account_key, fy_no
),

-- every account that has a closing before or an opening after
pairs as (
    select
        balances.account_key,
        fiscal_years.fy_no,
    from balances
    inner join fiscal_years
        on balances.fy_no in (fiscal_years.fy_no, fiscal_years.previous_fy_no)
    group by balances.account_key, fiscal_years.fy_no
),

compared as (
    select
        pairs.account_key,
        pairs.fy_no,
        fiscal_years.entity_no,
        fiscal_years.fiscal_year_start,
        coalesce(before.closing_amount, 0) as closing_amount,
        coalesce(after.opening_amount, 0) as opening_amount,
        coalesce(item_lines.item_amount, 0) as item_amount,
    from pairs
    inner join fiscal_years on fiscal_years.fy_no = pairs.fy_no
    left join balances as before
        on before.account_key = pairs.account_key
        and before.fy_no = fiscal_years.previous_fy_no
    left join balances as after
        on after.account_key = pairs.account_key
        and after.fy_no = pairs.fy_no
    left join item_lines
        on item_lines.account_key = pairs.account_key
        and item_lines.fy_no = pairs.fy_no
),

final as (
    select
        account_key,
        fy_no,
        fiscal_year_start,
        cast(closing_amount as decimal(18, 2)) as closing_amount,
        cast(opening_amount as decimal(18, 2)) as opening_amount,
        cast(item_amount as decimal(18, 2)) as item_amount,
        cast(opening_amount - closing_amount - item_amount as decimal(18, 2)) as gap_amount,
        -- a number beyond those of lines
        entity_no * 1000000000000000
        + (year(fiscal_year_start) * 100 + month(fiscal_year_start)) * 1000000000
        + 900000000 + account_key as gap_line_key,
    from compared
    where opening_amount <> closing_amount
)

select * from final
