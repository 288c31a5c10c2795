-- grain: one row per source and person
-- key: source, user_id
-- question: Who stands behind an owner of the CRM?
-- materialized: table
-- columns:
--   source: source of the extract
--   user_id: identifier in the CRM
--   name: name
--   email: e-mail address
--   is_active: still works with the CRM
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from crm_users
),

batches as (
    select * from stg_landing__batches
    where dataset = 'crm_users'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        batches.source,
        rows_landed.user_id,
        rows_landed.name,
        rows_landed.email,
        rows_landed.is_active,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.source, rows_landed.user_id
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        source,
        user_id,
        name,
        email,
        is_active,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
