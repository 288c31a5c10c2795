-- grain: one row per entity and fiscal year that is loaded
-- key: fy_no
-- question: Which fiscal years are loaded, and which follow one another without a gap?
-- materialized: table
-- columns:
--   fy_no: rank of the fiscal year over all entities, by entity and start
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   fiscal_year_start: first day of the fiscal year
--   first_date: earliest entry date of the extract
--   last_date: latest entry date of the extract
--   ends_before: start of the next fiscal year that is loaded, null for the last
--   previous_fy_no: the fiscal year just before, null where it is not loaded
--   chain_no: number of the run of fiscal years without a gap, per entity
--   chain_ends_before: start of the next run, null for the last
-- decisions: 2
with

batches as (
    select * from stg_landing__batches
    where dataset = 'ledger_entries'
),

years as (
    select
        entity_no,
        entity_id,
        fiscal_year_start,
        min(first_date) as first_date,
        max(last_date) as last_date,
    from batches
    group by entity_no, entity_id, fiscal_year_start
),

numbered as (
    select
        row_number() over (order by entity_no, fiscal_year_start) as fy_no,
        years.*,
        lead(fiscal_year_start) over entity as ends_before,
        -- a year follows the one before when nothing is missing between them: it starts
        -- within twelve months, or right after the month of the last entry
        coalesce(
            fiscal_year_start <= greatest(
                lag(fiscal_year_start) over entity + interval 12 month,
                last_day(lag(last_date) over entity) + 1
            ),
            false
        ) as is_chained,
    from years
    window entity as (partition by entity_no order by fiscal_year_start)
),

chained as (
    select
        numbered.*,
        sum(case when is_chained then 0 else 1 end) over (
            partition by entity_no order by fiscal_year_start
        ) as chain_no,
    from numbered
),

chain_starts as (
    select
        entity_no,
        chain_no,
        min(fiscal_year_start) as chain_start,
    from chained
    group by entity_no, chain_no
),

final as (
    select
        cast(chained.fy_no as integer) as fy_no,
        chained.entity_no,
        chained.entity_id,
        chained.fiscal_year_start,
        chained.first_date,
        chained.last_date,
        chained.ends_before,
        cast(case when chained.is_chained then chained.fy_no - 1 end as integer) as previous_fy_no,
        cast(chained.chain_no as integer) as chain_no,
        next_chain.chain_start as chain_ends_before,
    from chained
    left join chain_starts as next_chain
        on next_chain.entity_no = chained.entity_no
        and next_chain.chain_no = chained.chain_no + 1
)

select * from final
