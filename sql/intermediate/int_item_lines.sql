-- grain: one row per item of the sub-ledger
-- key: line_key
-- question: Which lines are items, once openings that repeat earlier items are set aside?
-- materialized: view
-- columns:
--   line_key: the line; for a gap of an opening, the number given by int_opening_gaps
--   fy_no: fiscal year; 0 where the entity has no ledger
--   entry_key: first line of the entry, null for a gap and where there is no ledger
--   chain_no: run of fiscal years without a gap; without a ledger 0 where FIFO is asked for and
--     the extracts settle nothing, else null
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
-- decisions: 7, 22
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

entities as (
    select * from project_entities
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

-- entities without a ledger
settled_sides as (
    select distinct
        entity_no,
        side,
    from stg_erp__allocations
    union
    select distinct
        entity_no,
        side,
    from stg_erp__invoices
    where settled_date is not null
),

extract_lines as (
    select
        line_key,
        entity_no,
        side,
        counterparty_id,
        line_type,
        movement_date,
        document_ref,
        label,
        amount,
        currency,
        currency_amount,
        batch_no,
        source_line,
    from int_erp_documents
    union all
    select
        line_key,
        entity_no,
        side,
        counterparty_id,
        line_type,
        movement_date,
        document_ref,
        null as label,
        amount,
        null as currency,
        null as currency_amount,
        batch_no,
        source_line,
    from int_erp_settlements
),

from_extracts as (
    select
        extract_lines.line_key,
        0 as fy_no,
        cast(null as bigint) as entry_key,
        case when entities.matching = 'fifo' and settled_sides.side is null then 0 end
            as chain_no,
        cast(null as date) as chain_ends_before,
        accounts.account_key,
        extract_lines.line_type,
        extract_lines.movement_date,
        extract_lines.movement_date as document_date,
        extract_lines.document_ref,
        extract_lines.label,
        extract_lines.amount,
        cast(null as date) as due_date,
        extract_lines.currency,
        extract_lines.currency_amount,
        extract_lines.batch_no,
        extract_lines.source_line,
    from extract_lines
    inner join accounts
        on accounts.entity_no = extract_lines.entity_no
        and accounts.side = extract_lines.side
        and accounts.counterparty_id = extract_lines.counterparty_id
    inner join entities on entities.entity_no = extract_lines.entity_no
    left join settled_sides
        on settled_sides.entity_no = extract_lines.entity_no
        and settled_sides.side = extract_lines.side
),

final as (
    select * from from_lines
    union all
    select * from from_gaps
    union all
    select * from from_extracts
)

select * from final
