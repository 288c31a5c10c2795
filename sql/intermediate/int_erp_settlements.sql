-- grain: one row per document that an extract calls settled without saying by what
-- key: line_key
-- question: What settled a document of which only the date of settlement is known?
-- materialized: scratch
-- columns:
--   line_key: as of int_erp_documents, with kind 3 and the rank of the document
--   document_key: the document that it settles
--   entity_no: rank of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   line_type: payment; other where a credit note is settled
--   movement_date: date of settlement
--   document_ref: number of the document
--   amount: what was left of the document on that date, with the opposite sign
--   batch_no: batch that landed the document
--   source_line: line of the document
-- decisions: 23
with

documents as (
    select * from int_erp_documents
    where kind_no = 1 and settled_date is not null
),

-- where payments are loaded, they and their allocations are what settles
payment_sides as (
    select distinct
        entity_no,
        side,
    from stg_erp__payments
),

applied as (
    select
        line_key,
        sum(amount) as amount,
        max(allocation_date) as last_date,
    from (
        select
            debit_key as line_key,
            amount,
            allocation_date,
        from int_erp_allocations
        union all
        select
            credit_key as line_key,
            amount,
            allocation_date,
        from int_erp_allocations
    )
    group by line_key
),

rests as (
    select
        documents.*,
        abs(documents.amount) - coalesce(applied.amount, 0) as rest_amount,
        greatest(
            documents.settled_date, documents.movement_date, applied.last_date
        ) as settled_on,
    from documents
    anti join payment_sides
        on payment_sides.entity_no = documents.entity_no
        and payment_sides.side = documents.side
    left join applied on applied.line_key = documents.line_key
),

final as (
    select
        line_key + 20000000000000 as line_key,
        line_key as document_key,
        entity_no,
        side,
        counterparty_id,
        case when amount > 0 then 'payment' else 'other' end as line_type,
        settled_on as movement_date,
        document_ref,
        cast(case when amount > 0 then -rest_amount else rest_amount end as decimal(18, 2))
            as amount,
        batch_no,
        source_line,
    from rests
    where rest_amount > 0
)

select * from final
