-- grain: one row per line of the ledger extracts that count
-- key: line_key
-- question: What do the ledgers say, once the batches are folded?
-- materialized: view
-- columns:
--   line_key: entity_no, year and month of the fiscal year, part less one, source line: one
--     integer per line
--   fy_no: fiscal year
--   entity_no: rank of the entity
--   journal_code: code of the journal, empty where the extract gives none
--   entry_number: number of the entry
--   entry_date: accounting date
--   account: account number, empty in a book that keeps no accounts
--   account_label: name of the account
--   aux_account: customer or supplier code, null where the extract gives none
--   aux_label: name of the customer or supplier
--   document_ref: reference of the document
--   document_date: date of the document
--   label: text of the line
--   debit_less_credit: debit less credit, currency of the entity
--   matching_code: lettering code, case is significant
--   due_date: due date of the extract, where a column gives one
--   currency: document currency, null for that of the entity
--   currency_amount: amount in document currency
--   batch_no: batch that landed the line
--   source_line: line of the extract, of its part where it is split
-- decisions: 3, 29
with

lines as (
    select * from ledger_entries
),

batches as (
    select
        stg_landing__batches.batch_id,
        stg_landing__batches.batch_no,
        stg_fec__fiscal_years.fy_no,
        stg_fec__fiscal_years.entity_no,
        stg_fec__fiscal_years.entity_no * 1000000000000000
        + (
            year(stg_fec__fiscal_years.fiscal_year_start) * 100
            + month(stg_fec__fiscal_years.fiscal_year_start)
        ) * 1000000000 as first_line_key,
    from stg_landing__batches
    inner join stg_fec__fiscal_years
        on stg_fec__fiscal_years.entity_no = stg_landing__batches.entity_no
        and stg_fec__fiscal_years.fiscal_year_start = stg_landing__batches.fiscal_year_start
),

final as (
    select
        -- in a split extract the first two of the nine digits tell the part
        batches.first_line_key + (lines.source_part - 1) * 10000000 + lines.source_line as line_key,
        batches.fy_no,
        batches.entity_no,
        coalesce(lines.journal_code, '') as journal_code,
        lines.journal_label,
        lines.entry_number,
        lines.entry_date,
        coalesce(lines.account, '') as account,
        lines.account_label,
        lines.aux_account,
        lines.aux_label,
        lines.document_ref,
        lines.document_date,
        lines.label,
        lines.debit,
        lines.credit,
        cast(lines.debit - lines.credit as decimal(18, 2)) as debit_less_credit,
        lines.matching_code,
        lines.matching_date,
        lines.due_date,
        lines.currency,
        lines.currency_amount,
        batches.batch_no,
        lines.source_line,
    from lines
    inner join batches on batches.batch_id = lines.batch_id
)

select * from final
