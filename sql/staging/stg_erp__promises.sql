-- grain: one row per entity and promise
-- key: entity_no, promise_id
-- question: Who promised to pay what, and by when?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   promise_id: identifier of the promise
--   counterparty_id: code of the customer, as text
--   document_id: the promised invoice; null: the account
--   amount: promised amount
--   promised_date: day by which it was promised
--   made_on: day on which it was promised
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from promises
),

batches as (
    select * from stg_landing__batches
    where dataset = 'promises'
),

-- an entity that encours.yaml no longer has is left out; of one key the latest batch counts, in it
-- the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.promise_id,
        rows_landed.counterparty_id,
        rows_landed.document_id,
        rows_landed.amount,
        rows_landed.promised_date,
        rows_landed.made_on,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.entity_no, rows_landed.promise_id
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
        promise_id,
        counterparty_id,
        document_id,
        amount,
        promised_date,
        made_on,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
