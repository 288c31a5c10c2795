-- grain: one row per record of an extract or line of a ledger that does not fit, and reason
-- key: entity_id, side, mismatch, record_id
-- sort: entity_id, side, mismatch, record_id
-- question: Where do the extracts of the software and the ledger disagree, and what in the extracts
--   is not possible?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   mismatch: not_in_ledger, not_in_extract, amount_differs, not_unique, due_before_issue,
--     wrong_sign, no_exchange_rate, terms_not_understood, over_allocated,
--     settled_without_allocation
--   record_id: document with its instalment, payment or allocation; the item for not_in_extract
--   counterparty_id: code of the customer or supplier; null for an allocation
--   document_ref: number of the document
--   document_date: date of the document
--   due_date: due date that the extract gives
--   extract_amount: amount of the extract, in its currency
--   ledger_amount: amount of the ledger; for an allocation what could be settled; for a settled
--     document what is left open
--   detail: the words or the currency that are not understood
--   batch_no: batch that landed the record
--   source_line: line of the extract
-- decisions: 23, 24, 25, 26
with

invoices as (
    select * from stg_erp__invoices
),

entities as (
    select
        int_entities.*,
        project_entities.currency,
        project_entities.end_of_month,
    from int_entities
    inner join project_entities on project_entities.entity_no = int_entities.entity_no
),

accounts as (
    select * from int_accounts
),

candidates as (
    select * from int_invoice_candidates
),

-- a document of several instalments is one
ledger_documents as (
    select
        invoices.entity_no,
        entities.entity_id,
        invoices.side,
        invoices.document_id,
        min(invoices.counterparty_id) as counterparty_id,
        min(invoices.issue_date) as issue_date,
        min(invoices.due_date) as due_date,
        sum(invoices.amount) as amount,
        max(invoices.batch_no) as batch_no,
        min(invoices.source_line) as source_line,
    from invoices
    inner join entities
        on entities.entity_no = invoices.entity_no
        and entities.has_ledger
        and invoices.issue_date between entities.first_date and entities.last_date
    group by invoices.entity_no, entities.entity_id, invoices.side, invoices.document_id
),

matched_documents as (
    select
        entity_no,
        side,
        document_id,
        bool_or(is_equal) as is_equal,
        max(greatest(line_count, document_count)) as pair_count,
        max(amount) as ledger_amount,
    from candidates
    group by entity_no, side, document_id
),

compared as (
    select
        ledger_documents.entity_id,
        ledger_documents.side,
        case
            when matched_documents.document_id is null then 'not_in_ledger'
            when matched_documents.pair_count > 1 then 'not_unique'
            else 'amount_differs'
        end as mismatch,
        ledger_documents.document_id as record_id,
        ledger_documents.counterparty_id,
        ledger_documents.document_id as document_ref,
        ledger_documents.issue_date as document_date,
        ledger_documents.due_date,
        ledger_documents.amount as extract_amount,
        matched_documents.ledger_amount,
        cast(null as varchar) as detail,
        ledger_documents.batch_no,
        ledger_documents.source_line,
    from ledger_documents
    left join matched_documents
        on matched_documents.entity_no = ledger_documents.entity_no
        and matched_documents.side = ledger_documents.side
        and matched_documents.document_id = ledger_documents.document_id
    where
        matched_documents.document_id is null
        or matched_documents.pair_count > 1
        or not matched_documents.is_equal
),

-- invoices of the ledger within the dates of the extract
extract_dates as (
    select
        invoices.entity_no,
        invoices.side,
        min(invoices.issue_date) as first_date,
        max(invoices.issue_date) as last_date,
    from invoices
    inner join entities on entities.entity_no = invoices.entity_no
    where entities.has_ledger
    group by invoices.entity_no, invoices.side
),

missing as (
    select
        accounts.entity_id,
        accounts.side,
        'not_in_extract' as mismatch,
        cast(items.item_key % 1000000000000000 as varchar) as record_id,
        accounts.counterparty_id,
        items.document_ref,
        items.issue_date as document_date,
        cast(null as date) as due_date,
        cast(null as decimal(18, 2)) as extract_amount,
        items.amount as ledger_amount,
        cast(null as varchar) as detail,
        items.batch_no,
        items.source_line,
    from int_items as items
    inner join accounts on accounts.account_key = items.account_key
    inner join extract_dates
        on extract_dates.entity_no = accounts.entity_no
        and extract_dates.side = accounts.side
        and items.issue_date between extract_dates.first_date and extract_dates.last_date
    anti join candidates on candidates.line_key = items.item_key
    where items.is_sale and items.is_aged
),

impossible as (
    select
        entities.entity_id,
        invoices.side,
        unnest(list_filter([
            case when invoices.due_date < invoices.issue_date then 'due_before_issue' end,
            case when (invoices.document_type = 'credit_note') <> (invoices.amount < 0)
                and invoices.amount <> 0 then 'wrong_sign' end,
            case when rates.entity_no is not null and rates.from_units is null
                and not entities.has_ledger then 'no_exchange_rate' end,
            case when invoices.payment_terms is not null and texts.terms_code is null
                then 'terms_not_understood' end
        ], lambda word: word is not null)) as mismatch,
        invoices.document_id || '/' || invoices.instalment as record_id,
        invoices.counterparty_id,
        invoices.document_id as document_ref,
        invoices.issue_date as document_date,
        invoices.due_date,
        invoices.amount as extract_amount,
        cast(null as decimal(18, 2)) as ledger_amount,
        concat_ws(', ', invoices.currency, invoices.payment_terms) as detail,
        invoices.batch_no,
        invoices.source_line,
    from invoices
    inner join entities on entities.entity_no = invoices.entity_no
    left join int_erp_rates as rates
        on rates.entity_no = invoices.entity_no
        and rates.currency = invoices.currency
        and rates.document_date = invoices.issue_date
    left join extract_terms as texts
        on texts.terms_text = invoices.payment_terms
        and texts.end_of_month = entities.end_of_month
),

payments_without_rate as (
    select
        entities.entity_id,
        payments.side,
        'no_exchange_rate' as mismatch,
        payments.payment_id as record_id,
        payments.counterparty_id,
        payments.reference as document_ref,
        payments.payment_date as document_date,
        cast(null as date) as due_date,
        payments.amount as extract_amount,
        cast(null as decimal(18, 2)) as ledger_amount,
        payments.currency as detail,
        payments.batch_no,
        payments.source_line,
    from stg_erp__payments as payments
    inner join entities on entities.entity_no = payments.entity_no
    inner join int_erp_rates as rates
        on rates.entity_no = payments.entity_no
        and rates.currency = payments.currency
        and rates.document_date = payments.payment_date
    where rates.from_units is null and not entities.has_ledger
),

counterparty_terms as (
    select
        counterparties.entity_id,
        counterparties.side,
        'terms_not_understood' as mismatch,
        counterparties.counterparty_id as record_id,
        counterparties.counterparty_id,
        cast(null as varchar) as document_ref,
        cast(null as date) as document_date,
        cast(null as date) as due_date,
        cast(null as decimal(18, 2)) as extract_amount,
        cast(null as decimal(18, 2)) as ledger_amount,
        counterparties.payment_terms as detail,
        counterparties.batch_no,
        counterparties.source_line,
    from stg_erp__counterparties as counterparties
    inner join project_entities on project_entities.entity_no = counterparties.entity_no
    inner join extract_terms as texts
        on texts.terms_text = counterparties.payment_terms
        and texts.end_of_month = project_entities.end_of_month
    where texts.terms_code is null
),

settled as (
    select
        entity_no,
        allocation_id,
        sum(amount) as amount,
    from int_erp_allocations
    group by entity_no, allocation_id
),

-- a foreign document is settled at its own rate: there only what settles nothing shows
over_allocated as (
    select
        entities.entity_id,
        allocations.side,
        'over_allocated' as mismatch,
        allocations.allocation_id as record_id,
        cast(null as varchar) as counterparty_id,
        allocations.document_id as document_ref,
        allocations.allocation_date as document_date,
        cast(null as date) as due_date,
        allocations.amount as extract_amount,
        coalesce(settled.amount, 0) as ledger_amount,
        coalesce(allocations.payment_id, allocations.credit_document_id) as detail,
        allocations.batch_no,
        allocations.source_line,
    from stg_erp__allocations as allocations
    inner join entities
        on entities.entity_no = allocations.entity_no
        and not entities.has_ledger
    left join settled
        on settled.entity_no = allocations.entity_no
        and settled.allocation_id = allocations.allocation_id
    left join invoices
        on invoices.entity_no = allocations.entity_no
        and invoices.side = allocations.side
        and invoices.document_id = allocations.document_id
        and invoices.instalment = allocations.instalment
    where
        settled.amount is null
        or (
            coalesce(invoices.currency, entities.currency) = entities.currency
            and settled.amount <> allocations.amount
        )
),

-- payments are loaded, and none of them settles what is said to be settled
left_open as (
    select
        entities.entity_id,
        documents.side,
        'settled_without_allocation' as mismatch,
        documents.document_id || '/' || documents.instalment as record_id,
        documents.counterparty_id,
        documents.document_id as document_ref,
        min(documents.movement_date) as document_date,
        min(documents.due_date) as due_date,
        min(documents.whole_currency_amount) as extract_amount,
        sum(sign(items.amount) * (abs(items.amount) - items.settled_amount)) as ledger_amount,
        cast(min(documents.settled_date) as varchar) as detail,
        min(documents.batch_no) as batch_no,
        min(documents.source_line) as source_line,
    from int_erp_documents as documents
    inner join entities on entities.entity_no = documents.entity_no
    inner join int_items as items on items.item_key = documents.line_key
    where
        documents.settled_date is not null
        and abs(items.amount) > items.settled_amount
    group by
        entities.entity_id, documents.side, documents.document_id, documents.instalment,
        documents.counterparty_id
),

gathered as (
    select * from compared
    union all
    select * from missing
    union all
    select * from impossible
    union all
    select * from payments_without_rate
    union all
    select * from counterparty_terms
    union all
    select * from over_allocated
    union all
    select * from left_open
),

final as (
    select
        entity_id,
        side,
        mismatch,
        record_id,
        counterparty_id,
        document_ref,
        document_date,
        due_date,
        cast(extract_amount as decimal(18, 2)) as extract_amount,
        cast(ledger_amount as decimal(18, 2)) as ledger_amount,
        detail,
        batch_no,
        source_line,
    from gathered
)

select * from final
