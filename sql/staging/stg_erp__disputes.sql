-- grain: one row per entity and dispute
-- key: entity_no, dispute_id
-- question: Which documents and amounts are disputed?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   dispute_id: identifier of the dispute
--   document_id: the disputed invoice
--   counterparty_id: code of the customer, as text
--   amount: disputed amount; null: what is open of the document
--   reason: reason: price, quality, delivery, administrative …
--   status: open, accepted, refused or closed
--   opened_on: day it was raised
--   closed_on: day it was settled
--   owner: who handles it
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from disputes
),

batches as (
    select * from stg_landing__batches
    where dataset = 'disputes'
),

-- an entity that encours.yaml no longer has is left out; of one key the latest batch counts, in it
-- the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.dispute_id,
        rows_landed.document_id,
        rows_landed.counterparty_id,
        rows_landed.amount,
        rows_landed.reason,
        rows_landed.status,
        rows_landed.opened_on,
        rows_landed.closed_on,
        rows_landed.owner,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.entity_no, rows_landed.dispute_id
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
        dispute_id,
        document_id,
        counterparty_id,
        amount,
        reason,
        status,
        opened_on,
        closed_on,
        owner,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
