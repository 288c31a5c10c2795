-- grain: one row per opening line of a fiscal year whose year before is loaded
-- key: line_key
-- question: Which earlier item does an opening line carry, or is it one of its own?
-- materialized: scratch
-- columns:
--   line_key: the opening line
--   fy_no: fiscal year that it opens
--   account_key: third-party account
--   amount: positive in the normal direction of the side
--   carried_line_key: the earlier line that it repeats, null where it is a total or nothing tells
--   is_item: true where the year before does not hold it, so that it is an item itself
-- decisions: 7
with

lines as not materialized (
    select * from int_control_lines
),

fiscal_years as (
    select * from stg_fec__fiscal_years
),

openings as (
    select
        lines.line_key,
        lines.fy_no,
        fiscal_years.previous_fy_no,
        fiscal_years.entity_no,
        fiscal_years.chain_no,
        lines.account_key,
        lines.document_ref,
        lines.amount,
        lines.amount > 0 as is_debit,
    from lines
    inner join fiscal_years on fiscal_years.fy_no = lines.fy_no
    where lines.is_opening and fiscal_years.previous_fy_no is not null
),

-- lines that may be carried: those of an earlier year of the same chain, openings of its
-- first year included
earlier as not materialized (
    select
        lines.line_key,
        lines.fy_no,
        fiscal_years.chain_no,
        lines.account_key,
        lines.document_ref,
        lines.amount,
        lines.amount > 0 as is_debit,
    from lines
    inner join fiscal_years on fiscal_years.fy_no = lines.fy_no
    where not lines.is_opening or fiscal_years.previous_fy_no is null
),

-- of all those lines, only what an opening asks for
asked_references as (
    select distinct
        account_key,
        is_debit,
        document_ref,
    from openings
    where document_ref is not null
),

asked_amounts as (
    select distinct
        account_key,
        amount,
    from openings
),

-- counted per year before they are joined, to see whether reference and amount are unique
reference_amounts as (
    select
        earlier.chain_no,
        earlier.fy_no,
        earlier.account_key,
        earlier.is_debit,
        earlier.document_ref,
        earlier.amount,
        count(*) as line_count,
        min(earlier.line_key) as line_key,
    from earlier
    inner join asked_references
        on asked_references.account_key = earlier.account_key
        and asked_references.document_ref = earlier.document_ref
        and asked_references.is_debit = earlier.is_debit
    group by all
),

reference_lines as (
    select
        chain_no,
        fy_no,
        account_key,
        is_debit,
        document_ref,
        sum(line_count) as line_count,
        min(line_key) as line_key,
    from reference_amounts
    group by chain_no, fy_no, account_key, is_debit, document_ref
),

amount_lines as (
    select
        earlier.chain_no,
        earlier.fy_no,
        earlier.account_key,
        earlier.amount,
        count(*) as line_count,
        min(earlier.line_key) as line_key,
    from earlier
    inner join asked_amounts
        on asked_amounts.account_key = earlier.account_key
        and asked_amounts.amount = earlier.amount
    group by all
),

-- one row per earlier year
by_both as (
    select
        openings.line_key,
        sum(reference_amounts.line_count) as both_count,
        min(reference_amounts.line_key) as both_line_key,
    from openings
    inner join reference_amounts
        on reference_amounts.account_key = openings.account_key
        and reference_amounts.amount = openings.amount
        and reference_amounts.document_ref = openings.document_ref
        and reference_amounts.chain_no = openings.chain_no
        and reference_amounts.fy_no < openings.fy_no
    group by openings.line_key
),

by_reference as (
    select
        openings.line_key,
        sum(reference_lines.line_count) as reference_count,
        min(reference_lines.line_key) as reference_line_key,
    from openings
    inner join reference_lines
        on reference_lines.account_key = openings.account_key
        and reference_lines.is_debit = openings.is_debit
        and reference_lines.document_ref = openings.document_ref
        and reference_lines.chain_no = openings.chain_no
        and reference_lines.fy_no < openings.fy_no
    group by openings.line_key
),

by_amount as (
    select
        openings.line_key,
        sum(amount_lines.line_count) as amount_count,
        min(amount_lines.line_key) as amount_line_key,
    from openings
    inner join amount_lines
        on amount_lines.account_key = openings.account_key
        and amount_lines.amount = openings.amount
        and amount_lines.chain_no = openings.chain_no
        and amount_lines.fy_no < openings.fy_no
    group by openings.line_key
),

carried as (
    select
        openings.line_key,
        openings.fy_no,
        openings.previous_fy_no,
        openings.account_key,
        openings.amount,
        case
            when by_both.both_count = 1 then by_both.both_line_key
            when by_reference.reference_count = 1 then by_reference.reference_line_key
            when by_amount.amount_count = 1 then by_amount.amount_line_key
        end as carried_line_key,
    from openings
    left join by_both on by_both.line_key = openings.line_key
    left join by_reference on by_reference.line_key = openings.line_key
    left join by_amount on by_amount.line_key = openings.line_key
),

closings as (
    select
        account_key,
        fy_no,
        sum(amount) as closing_amount,
    from lines
    group by account_key, fy_no
),

-- what the opening says beyond the closing of the year before, and how much of the opening
-- no earlier line explains
gaps as (
    select
        carried.account_key,
        carried.fy_no,
        sum(carried.amount) - coalesce(any_closing.closing_amount, 0) as gap_amount,
        coalesce(
            sum(carried.amount) filter (where carried.carried_line_key is null), 0
        ) as unexplained_amount,
    from carried
    left join closings as any_closing
        on any_closing.account_key = carried.account_key
        and any_closing.fy_no = carried.previous_fy_no
    group by carried.account_key, carried.fy_no, any_closing.closing_amount
),

final as (
    select
        carried.line_key,
        carried.fy_no,
        carried.account_key,
        carried.amount,
        carried.carried_line_key,
        carried.carried_line_key is null
        and gaps.gap_amount <> 0
        and gaps.gap_amount = gaps.unexplained_amount as is_item,
    from carried
    inner join gaps
        on gaps.account_key = carried.account_key
        and gaps.fy_no = carried.fy_no
)

select * from final
