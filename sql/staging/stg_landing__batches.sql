-- grain: one row per batch that counts
-- key: batch_no
-- question: Which batches does this build stand on?
-- materialized: table
-- columns:
--   batch_no: rank of the batch among those known
--   batch_id: identifier of the batch
--   dataset: dataset of the landing contract
--   source: source of the extract
--   entity_no: rank of the entity, null for the rates of the group
--   entity_id: identifier of the entity, group for rates
--   scope: what a full batch replaces
--   fiscal_year_start: first day of the fiscal year, for ledgers
--   first_date: earliest business date of the rows
--   last_date: latest business date of the rows
--   known_on: date from which the batch counts
--   loaded_at: when the batch was committed, UTC
--   row_count: rows landed
--   reject_count: lines kept in rejects
--   source_file: name of the extract
-- decisions: 1
with

batches as (
    select * from landing_batches
),

entities as (
    select * from project_entities
),

ranked as (
    -- a full batch replaces the earlier ones of its scope, a delta adds to them
    select
        batches.*,
        coalesce(max(case when batches.mode = 'full' then batches.batch_no end) over (
            partition by batches.dataset, batches.scope
        ), 0) as last_full_no
    from batches
),

final as (
    select
        ranked.batch_no,
        ranked.batch_id,
        ranked.dataset,
        ranked.source,
        entities.entity_no,
        ranked.entity_id,
        ranked.scope,
        ranked.fiscal_year_start,
        ranked.first_date,
        ranked.last_date,
        ranked.known_on,
        ranked.loaded_at,
        ranked.row_count,
        ranked.reject_count,
        ranked.source_file,
    from ranked
    -- rates belong to no entity
    left join entities on entities.entity_id = ranked.entity_id
    where ranked.batch_no >= ranked.last_full_no
)

select * from final
