-- grain: one row per ledger line and document of an extract with one reference and counterparty
-- key: line_key, document_id
-- question: Which documents of the extracts may be which lines of the ledger?
-- materialized: scratch
-- columns:
--   line_key: the line
--   entity_no: rank of the entity
--   side: customer or supplier
--   document_id: number of the document in the extract
--   amount: amount of the line, in the currency of the document
--   document_amount: amount of the document, instalments together
--   due_date: due date of the document; the mean one, by amount, of instalments
--   issue_date: date of the document
--   payment_terms: terms of the document in words
--   is_disputed: the extract says so
--   is_equal: the amounts differ by 0.02 at most
--   line_count: lines that the document may be, with an equal amount where one is equal
--   document_count: documents that the line may be, with an equal amount where one is equal
-- decisions: 26
with

invoices as (
    select stg_erp__invoices.*
    from stg_erp__invoices
    inner join int_entities on int_entities.entity_no = stg_erp__invoices.entity_no
    where int_entities.has_ledger
),

entities as (
    select * from project_entities
),

-- instalments together; days are summed in cents, an integer
documents as (
    select
        entity_no,
        side,
        document_id,
        min(upper(trim(counterparty_id))) as counterparty_code,
        min(currency) as currency,
        min(issue_date) as issue_date,
        min(payment_terms) as payment_terms,
        bool_or(coalesce(is_disputed, false)) as is_disputed,
        sum(amount) as document_amount,
        case
            when count(*) = 1 then min(due_date)
            when count(due_date) = count(*) and sum(abs(amount)) > 0
                then min(due_date) + cast((
                    sum(cast(abs(amount) * 100 as hugeint) * (due_date - date '2000-01-01'))
                    - sum(cast(abs(amount) * 100 as hugeint)) * (min(due_date) - date '2000-01-01')
                    + sum(cast(abs(amount) * 100 as hugeint)) - 1
                ) // sum(cast(abs(amount) * 100 as hugeint)) as integer)
        end as due_date,
        ltrim(
            regexp_replace(upper(strip_accents(document_id)), '[^A-Z0-9]', '', 'g'), '0'
        ) as reference,
    from invoices
    group by entity_no, side, document_id
),

lines as not materialized (
    select * from int_item_lines
),

accounts as (
    select * from int_accounts
),

asked_accounts as (
    select
        accounts.account_key,
        accounts.entity_no,
        accounts.side,
        upper(trim(accounts.counterparty_id)) as counterparty_code,
    from accounts
    semi join documents
        on documents.entity_no = accounts.entity_no
        and documents.side = accounts.side
        and documents.counterparty_code = upper(trim(accounts.counterparty_id))
),

ledger_documents as (
    select
        lines.line_key,
        asked_accounts.entity_no,
        asked_accounts.side,
        asked_accounts.counterparty_code,
        lines.amount,
        lines.currency,
        lines.currency_amount,
        ltrim(
            regexp_replace(upper(strip_accents(lines.document_ref)), '[^A-Z0-9]', '', 'g'), '0'
        ) as reference,
    from lines
    inner join asked_accounts on asked_accounts.account_key = lines.account_key
    where lines.line_type in ('invoice', 'credit_note', 'opening')
),

-- fans out where a reference is not unique: counted below
pairs as (
    select
        ledger_documents.line_key,
        documents.*,
        case
            when coalesce(documents.currency, entities.currency) = entities.currency
                then ledger_documents.amount
            when ledger_documents.currency = documents.currency then cast(
                sign(ledger_documents.amount) * abs(ledger_documents.currency_amount)
                as decimal(18, 2)
            )
        end as amount,
    from ledger_documents
    inner join documents
        on documents.entity_no = ledger_documents.entity_no
        and documents.side = ledger_documents.side
        and documents.counterparty_code = ledger_documents.counterparty_code
        and documents.reference = ledger_documents.reference
    inner join entities on entities.entity_no = documents.entity_no
    where
        documents.reference <> ''
        and (ledger_documents.amount > 0) = (documents.document_amount > 0)
),

compared as (
    select
        *,
        coalesce(abs(amount - document_amount) <= 0.02, false) as is_equal,
    from pairs
),

-- where an amount is equal, the others do not count
kept as (
    select
        *,
        bool_or(is_equal) over (partition by line_key) as line_has_equal,
        bool_or(is_equal) over (
            partition by entity_no, side, document_id
        ) as document_has_equal,
    from compared
),

final as (
    select
        line_key,
        entity_no,
        side,
        document_id,
        amount,
        cast(document_amount as decimal(18, 2)) as document_amount,
        due_date,
        issue_date,
        payment_terms,
        is_disputed,
        is_equal,
        count(*) over (partition by entity_no, side, document_id) as line_count,
        count(*) over (partition by line_key) as document_count,
    from kept
    where is_equal or (not line_has_equal and not document_has_equal)
)

select * from final
