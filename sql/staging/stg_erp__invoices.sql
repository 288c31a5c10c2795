-- grain: one row per entity, side, document and instalment
-- key: entity_no, side, document_id, instalment
-- question: Which invoices and credit notes do the extracts hold, once the batches are folded?
-- materialized: scratch
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   side: customer or supplier
--   document_id: number of the invoice or credit note
--   instalment: instalment of the document, 1 where there is one
--   counterparty_id: code of the customer or supplier, as text
--   document_type: invoice or credit_note
--   issue_date: date of the document
--   due_date: date on which it falls due
--   currency: currency of the amounts, ISO 4217; null: that of the entity
--   amount: amount including tax, negative for a credit note
--   amount_excl_tax: amount without tax, negative for a credit note
--   order_ref: number of the order
--   is_disputed: the customer disputes it
--   settled_date: date on which it was settled in full
--   payment_terms: payment terms in words, where the document carries its own
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from invoices
),

batches as (
    select * from stg_landing__batches
    where dataset = 'invoices'
),

-- an entity that encours.yaml no longer has is left out; of one key the latest batch counts, in it
-- the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.side,
        rows_landed.document_id,
        rows_landed.instalment,
        rows_landed.counterparty_id,
        rows_landed.document_type,
        rows_landed.issue_date,
        rows_landed.due_date,
        rows_landed.currency,
        rows_landed.amount,
        rows_landed.amount_excl_tax,
        rows_landed.order_ref,
        rows_landed.is_disputed,
        rows_landed.settled_date,
        rows_landed.payment_terms,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by
                batches.entity_no, rows_landed.side,
                rows_landed.document_id, rows_landed.instalment
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
    where batches.entity_no is not null
),

final as (
    select
        entity_no,
        entity_id,
        side,
        document_id,
        instalment,
        counterparty_id,
        document_type,
        issue_date,
        due_date,
        currency,
        amount,
        amount_excl_tax,
        order_ref,
        is_disputed,
        settled_date,
        payment_terms,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
