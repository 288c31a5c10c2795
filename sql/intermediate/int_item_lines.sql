-- grain: one row per item of the sub-ledger
-- key: line_key
-- question: Which lines are items, once openings that repeat earlier items are set aside?
-- materialized: view
-- columns:
--   line_key: the line; for a gap of an opening, the number given by int_opening_gaps
--   fy_no: fiscal year
--   entry_key: first line of the entry, null for a gap
--   entity_no: rank of the entity
--   chain_no: run of fiscal years without a gap
--   account_key: third-party account
--   side: customer or supplier
--   is_aged: part of the open amount and of the ageing
--   item_kind: bill or retention, null for the rest
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

lines as (
    select * from int_control_lines
),

opening_lines as (
    select * from int_opening_lines
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

from_lines as (
    select
        lines.line_key,
        lines.fy_no,
        lines.entry_key,
        lines.entity_no,
        fiscal_years.chain_no,
        lines.account_key,
        lines.side,
        lines.is_aged,
        lines.item_kind,
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
    from lines
    inner join fiscal_years on fiscal_years.fy_no = lines.fy_no
    left join opening_lines on opening_lines.line_key = lines.line_key
    where opening_lines.line_key is null or opening_lines.is_item
),

from_gaps as (
    select
        gaps.gap_line_key as line_key,
        gaps.fy_no,
        cast(null as bigint) as entry_key,
        accounts.entity_no,
        fiscal_years.chain_no,
        gaps.account_key,
        accounts.side,
        accounts.is_aged,
        accounts.item_kind,
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
