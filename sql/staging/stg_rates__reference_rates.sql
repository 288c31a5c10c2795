-- grain: one row per kind of rate and first day
-- key: kind, valid_from
-- question: Which reference rate of interest holds from which day?
-- materialized: table
-- columns:
--   kind: ecb_refinancing, legal_professional …
--   valid_from: first day of the rate
--   rate: percent per year
--   origin: where the rate was published
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from reference_rates
),

batches as (
    select * from stg_landing__batches
    where dataset = 'reference_rates'
),

ranked as (
    select
        rows_landed.kind,
        rows_landed.valid_from,
        rows_landed.rate,
        rows_landed.origin,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by rows_landed.kind, rows_landed.valid_from
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        kind,
        valid_from,
        rate,
        origin,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
