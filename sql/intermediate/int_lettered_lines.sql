-- grain: one row per line that carries a lettering code, in a group of debits and credits
-- key: line_key
-- question: Which lines does the lettering put together?
-- materialized: scratch
-- columns:
--   line_key: the line
--   group_no: the lettering group, rank of its earliest line
--   account_key: third-party account
--   fy_no: fiscal year
--   movement_date: accounting date
--   amount: positive in the normal direction of the side
--   is_carried: the line is an opening whose items are those of earlier years
--   debit_count: debits in the group
--   credit_count: credits in the group
--   debit_amount: sum of the debits of the group
--   credit_amount: sum of the credits of the group, positive
-- decisions: 8
with

lines as (
    select
        line_key,
        fy_no,
        account_key,
        movement_date,
        amount,
        matching_code,
    from int_control_lines
    where matching_code is not null
),

opening_lines as (
    select line_key from int_opening_lines
    where not is_item
),

fiscal_years as (
    select * from stg_fec__fiscal_years
),

groups as (
    select
        fy_no,
        account_key,
        matching_code,
        sum(amount) as net_amount,
        min(line_key) as first_line_key,
    from lines
    group by fy_no, account_key, matching_code
),

-- a code whose group is short by exactly what the same code is over in the year before:
-- the lettering was made across the two years
crossings as (
    select
        groups.fy_no,
        groups.account_key,
        groups.matching_code,
        before.first_line_key,
    from groups
    inner join fiscal_years on fiscal_years.fy_no = groups.fy_no
    inner join groups as before
        on before.fy_no = fiscal_years.previous_fy_no
        and before.account_key = groups.account_key
        and before.matching_code = groups.matching_code
        and before.net_amount = -groups.net_amount
    where groups.net_amount <> 0
),

numbered as (
    select
        groups.fy_no,
        groups.account_key,
        groups.matching_code,
        coalesce(crossings.first_line_key, groups.first_line_key) as group_no,
    from groups
    left join crossings
        on crossings.fy_no = groups.fy_no
        and crossings.account_key = groups.account_key
        and crossings.matching_code = groups.matching_code
),

grouped as (
    select
        lines.line_key,
        numbered.group_no,
        lines.account_key,
        lines.fy_no,
        lines.movement_date,
        lines.amount,
        opening_lines.line_key is not null as is_carried,
    from lines
    inner join numbered
        on numbered.fy_no = lines.fy_no
        and numbered.account_key = lines.account_key
        and numbered.matching_code = lines.matching_code
    left join opening_lines on opening_lines.line_key = lines.line_key
),

sizes as (
    select
        group_no,
        count(*) filter (where amount > 0) as debit_count,
        count(*) filter (where amount < 0) as credit_count,
        sum(amount) filter (where amount > 0) as debit_amount,
        -sum(amount) filter (where amount < 0) as credit_amount,
    from grouped
    group by group_no
),

final as (
    select
        grouped.line_key,
        grouped.group_no,
        grouped.account_key,
        grouped.fy_no,
        grouped.movement_date,
        grouped.amount,
        grouped.is_carried,
        cast(sizes.debit_count as integer) as debit_count,
        cast(sizes.credit_count as integer) as credit_count,
        cast(sizes.debit_amount as decimal(18, 2)) as debit_amount,
        cast(sizes.credit_amount as decimal(18, 2)) as credit_amount,
    from grouped
    inner join sizes on sizes.group_no = grouped.group_no
    where sizes.debit_count > 0 and sizes.credit_count > 0
)

select * from final
