-- grain: one row per pair of establishments and day
-- key: predecessor_siret, successor_siret, succession_date
-- question: Which establishment took the place of which?
-- materialized: table
-- columns:
--   predecessor_siret: SIRET of the establishment before
--   successor_siret: SIRET of the one after it
--   succession_date: day of the succession
--   is_head_office_transfer: the head office moved
--   is_economic_continuity: the business goes on
--   processed_on: day on which the register took it up
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from successions
),

batches as (
    select * from stg_landing__batches
    where dataset = 'successions'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        rows_landed.predecessor_siret,
        rows_landed.successor_siret,
        rows_landed.succession_date,
        rows_landed.is_head_office_transfer,
        rows_landed.is_economic_continuity,
        rows_landed.processed_on,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by
                rows_landed.predecessor_siret,
                rows_landed.successor_siret,
                rows_landed.succession_date
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        predecessor_siret,
        successor_siret,
        succession_date,
        is_head_office_transfer,
        is_economic_continuity,
        processed_on,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
