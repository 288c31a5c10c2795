-- grain: one row per item of which an extract of invoices knows more
-- key: line_key
-- question: What do the extracts of invoices say of an item, besides its amount?
-- materialized: scratch
-- columns:
--   line_key: the item
--   entity_no: rank of the entity
--   side: customer or supplier
--   document_id: number of the document in the extract
--   issue_date: date of the document
--   due_date: due date of the document
--   terms_source: who says the terms below, null where the document has none of its own
--   terms_kind: NET, EOM_AFTER or EOM_THEN
--   term_days: days
--   plus_days: days added after the end of a month
--   payment_day_1: day of the month of payments
--   payment_day_2: the second one
--   is_disputed: the extract says so
-- decisions: 11, 25, 26
with

candidates as (
    select * from int_invoice_candidates
    where is_equal and line_count = 1 and document_count = 1
),

entities as (
    select * from project_entities
),

texts as (
    select * from extract_terms
    where terms_code is not null
),

documents as (
    select * from int_erp_documents
    where kind_no = 1
),

enriched as (
    select
        candidates.line_key,
        candidates.entity_no,
        candidates.side,
        candidates.document_id,
        candidates.issue_date,
        candidates.due_date,
        case when texts.terms_code is not null then 'invoice_terms' end as terms_source,
        texts.terms_kind,
        texts.term_days,
        texts.plus_days,
        texts.payment_day_1,
        texts.payment_day_2,
        candidates.is_disputed,
    from candidates
    inner join entities on entities.entity_no = candidates.entity_no
    left join texts
        on texts.terms_text = candidates.payment_terms
        and texts.end_of_month = entities.end_of_month
),

own as (
    select
        line_key,
        entity_no,
        side,
        document_id,
        movement_date as issue_date,
        due_date,
        terms_source,
        terms_kind,
        term_days,
        plus_days,
        payment_day_1,
        payment_day_2,
        is_disputed,
    from documents
),

final as (
    select * from enriched
    union all
    select * from own
)

select * from final
