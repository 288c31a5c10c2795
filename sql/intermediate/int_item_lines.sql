-- grain: one row per item of the sub-ledger
-- key: line_key
-- question: Which lines are items, once openings that repeat earlier items are set aside?
-- materialized: view
-- columns:
--   line_key: the line; for a gap of an opening, the number given by int_opening_gaps
--   fy_no: fiscal year
--   entry_key: first line of the entry, null for a gap
--   chain_no: run of fiscal years without a gap
--   chain_ends_before: start of the next run, null for the last
--   account_key: third-party account
--   line_type: what the entry makes of the line
--   movement_date: accounting date
--   document_date: date of the document
--   document_ref: reference of the document
--   label: text of the line
--   amount: positive in the normal direction of the side
--   due_date: due date of the extract
--   currency: document currency
--   currency_amount: amount in document currency
--   batch_no: batch that landed the line
--   source_line: line of the extract, null for a gap
-- decisions: 7
with

lines as not materialized (
    select * from int_control_lines
),

carried as (
    select line_key from int_opening_lines
    where not is_item
),

gaps as (
    select * from int_opening_gaps
    where gap_amount <> 0
),

fiscal_years as not materialized (
    select * from stg_fec__fiscal_years
),

accounts as (
    select * from int_accounts
),

batches as (
    select
        entity_no,
        fiscal_year_start,
        max(batch_no) as batch_no,
    from stg_landing__batches
    where dataset = 'ledger_entries'
    group by entity_no, fiscal_year_start
),

-- only an opening can repeat another item
own_lines as (
    select * from lines
    where is_opening = false
    union all
    select lines.*
    from lines
    anti join carried on carried.line_key = lines.line_key
    where lines.is_opening = true
),

from_lines as (
    select
        lines.line_key,
        lines.fy_no,
        lines.entry_key,
        fiscal_years.chain_no,
        fiscal_years.chain_ends_before,
        lines.account_key,
        lines.line_type,
        lines.movement_date,
        lines.document_date,
        lines.document_ref,
        lines.label,
        lines.amount,
        lines.due_date,
        lines.currency,
        lines.currency_amount,
        lines.batch_no,
        lines.source_line,
    from own_lines as lines
    inner join fiscal_years on fiscal_years.fy_no = lines.fy_no
),

from_gaps as (
    select
        gaps.gap_line_key as line_key,
        gaps.fy_no,
        cast(null as bigint) as entry_key,
        fiscal_years.chain_no,
        fiscal_years.chain_ends_before,
        gaps.account_key,
        'opening' as line_type,
        gaps.fiscal_year_start as movement_date,
        cast(null as date) as document_date,
        cast(null as varchar) as document_ref,
        cast(null as varchar) as label,
        gaps.gap_amount as amount,
        cast(null as date) as due_date,
        cast(null as varchar) as currency,
        cast(null as decimal(18, 2)) as currency_amount,
        batches.batch_no,
        cast(null as bigint) as source_line,
    from gaps
    inner join accounts on accounts.account_key = gaps.account_key
    inner join fiscal_years on fiscal_years.fy_no = gaps.fy_no
    inner join batches
        on batches.entity_no = accounts.entity_no
        and batches.fiscal_year_start = gaps.fiscal_year_start
),

final as (
    select * from from_lines
    union all
    select * from from_gaps
)

select * from final
