-- grain: one row per entity and contact
-- key: entity_no, contact_id
-- question: Who are the people at the customers and suppliers?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   contact_id: identifier of the contact
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier, as text
--   name: name
--   role: role, such as accounts payable
--   email: e-mail address
--   phone: telephone number
--   language: language, ISO 639 code such as fr
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from contacts
),

batches as (
    select * from stg_landing__batches
    where dataset = 'contacts'
),

-- an entity that encours.yaml no longer has is left out; of one key the latest batch counts, in it
-- the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.contact_id,
        rows_landed.side,
        rows_landed.counterparty_id,
        rows_landed.name,
        rows_landed.role,
        rows_landed.email,
        rows_landed.phone,
        rows_landed.language,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.entity_no, rows_landed.contact_id
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
        contact_id,
        side,
        counterparty_id,
        name,
        role,
        email,
        phone,
        language,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
