-- grain: one row per entity and action
-- key: entity_no, action_id
-- question: What was done to collect?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   action_id: identifier of the action
--   counterparty_id: code of the customer, as text
--   document_id: the invoice it is about; null: the whole account
--   action_date: day of the action
--   kind: call, letter, e-mail, formal notice, legal case or claim declared
--   level: level of the reminder
--   result: what came of it
--   next_action_date: when to act again
--   author: who did it
--   comment: remark
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from collection_actions
),

batches as (
    select * from stg_landing__batches
    where dataset = 'collection_actions'
),

-- an entity that encours.yaml no longer has is left out; of one key the latest batch counts, in it
-- the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.action_id,
        rows_landed.counterparty_id,
        rows_landed.document_id,
        rows_landed.action_date,
        rows_landed.kind,
        rows_landed.level,
        rows_landed.result,
        rows_landed.next_action_date,
        rows_landed.author,
        rows_landed.comment,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.entity_no, rows_landed.action_id
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
        action_id,
        counterparty_id,
        document_id,
        action_date,
        kind,
        level,
        result,
        next_action_date,
        author,
        comment,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
