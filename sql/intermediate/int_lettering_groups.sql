-- grain: one row per fiscal year, account and lettering code that has debits and credits
-- key: fy_no, account_key, matching_code
-- question: Which lines does the lettering put together?
-- materialized: scratch
-- columns:
--   fy_no: fiscal year
--   account_key: third-party account
--   matching_code: lettering code
--   group_no: the lettering group, rank of its earliest line; one that crosses two years has a
--     row for each
--   debit_count: debits of the group
--   credit_count: credits of the group
--   debit_amount: sum of the debits of the group
--   credit_amount: sum of the credits of the group, positive
--   debit_key: its debit, where it has one only
--   credit_key: its credit, where it has one only
-- decisions: 8
with

codes as (
    select
        fy_no,
        account_key,
        matching_code,
        count(*) filter (where amount > 0) as debit_count,
        count(*) filter (where amount < 0) as credit_count,
        coalesce(sum(amount) filter (where amount > 0), 0) as debit_amount,
        coalesce(-sum(amount) filter (where amount < 0), 0) as credit_amount,
        max(line_key) filter (where amount > 0) as debit_key,
        max(line_key) filter (where amount < 0) as credit_key,
        min(line_key) as first_line_key,
    from int_control_lines
    where matching_code is not null
    group by fy_no, account_key, matching_code
),

unbalanced as (
    select
        codes.fy_no,
        fiscal_years.previous_fy_no,
        codes.account_key,
        codes.matching_code,
        codes.debit_amount - codes.credit_amount as net_amount,
        codes.first_line_key,
    from codes
    inner join stg_fec__fiscal_years as fiscal_years on fiscal_years.fy_no = codes.fy_no
    where codes.debit_amount <> codes.credit_amount
),

-- a code whose group is short by exactly what the same code is over in the year before:
-- the lettering was made across the two years
crossings as (
    select
        unbalanced.fy_no,
        unbalanced.account_key,
        unbalanced.matching_code,
        before.first_line_key,
    from unbalanced
    inner join unbalanced as before
        on before.fy_no = unbalanced.previous_fy_no
        and before.account_key = unbalanced.account_key
        and before.matching_code = unbalanced.matching_code
        and before.net_amount = -unbalanced.net_amount
),

numbered as (
    select
        codes.*,
        coalesce(crossings.first_line_key, codes.first_line_key) as group_no,
    from codes
    left join crossings
        on crossings.fy_no = codes.fy_no
        and crossings.account_key = codes.account_key
        and crossings.matching_code = codes.matching_code
),

-- only groups that cross two years have several rows
crossed as (
    select
        group_no,
        sum(debit_count) as debit_count,
        sum(credit_count) as credit_count,
        sum(debit_amount) as debit_amount,
        sum(credit_amount) as credit_amount,
        max(debit_key) as debit_key,
        max(credit_key) as credit_key,
    from numbered
    where group_no in (select first_line_key from crossings)
    group by group_no
),

final as (
    select
        numbered.fy_no,
        numbered.account_key,
        numbered.matching_code,
        numbered.group_no,
        cast(coalesce(crossed.debit_count, numbered.debit_count) as integer) as debit_count,
        cast(coalesce(crossed.credit_count, numbered.credit_count) as integer) as credit_count,
        cast(coalesce(crossed.debit_amount, numbered.debit_amount) as decimal(18, 2))
            as debit_amount,
        cast(coalesce(crossed.credit_amount, numbered.credit_amount) as decimal(18, 2))
            as credit_amount,
        coalesce(crossed.debit_key, numbered.debit_key) as debit_key,
        coalesce(crossed.credit_key, numbered.credit_key) as credit_key,
    from numbered
    left join crossed on crossed.group_no = numbered.group_no
)

select * from final
where debit_count > 0 and credit_count > 0
