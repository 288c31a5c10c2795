-- grain: one row per entity and allocation
-- key: entity_no, allocation_id
-- question: What settles what, by the extracts, once the batches are folded?
-- materialized: scratch
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   side: customer or supplier
--   allocation_id: identifier of the allocation
--   payment_id: the payment that settles
--   credit_document_id: the credit note that settles
--   document_id: the invoice that is settled
--   instalment: its instalment, 1 where there is one
--   amount: amount settled, positive
--   allocation_date: date of the allocation; null: the later of both documents
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from allocations
),

batches as (
    select * from stg_landing__batches
    where dataset = 'allocations'
),

-- an entity that encours.yaml no longer has is left out; of one key the latest batch counts, in it
-- the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.side,
        rows_landed.allocation_id,
        rows_landed.payment_id,
        rows_landed.credit_document_id,
        rows_landed.document_id,
        rows_landed.instalment,
        rows_landed.amount,
        rows_landed.allocation_date,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.entity_no, rows_landed.allocation_id
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
        allocation_id,
        payment_id,
        credit_document_id,
        document_id,
        instalment,
        amount,
        allocation_date,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
