-- grain: one row per entity
-- key: entity_no
-- question: Which fiscal year holds the as-of date?
-- materialized: view
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   has_ledger: the items come from a ledger
--   fiscal_year_start: first day of the fiscal year that holds the as-of date; of the calendar
--     year where there is no ledger
--   as_of: the as-of date
-- decisions: 40
with

entities as (
    select * from int_entities
),

fiscal_years as (
    select * from stg_fec__fiscal_years
),

settings as (
    select * from params
),

latest as (
    select
        fiscal_years.entity_no,
        max(fiscal_years.fiscal_year_start) as fiscal_year_start,
        max(fiscal_years.last_date) as last_date,
    from fiscal_years
    cross join settings
    where fiscal_years.fiscal_year_start <= settings.as_of
    group by fiscal_years.entity_no
),

final as (
    select
        entities.entity_no,
        entities.entity_id,
        entities.has_ledger,
        cast(case
            when latest.entity_no is null then date_trunc('year', settings.as_of)
            -- a date after the last year that is loaded is in a year of twelve months that
            -- follows it
            when settings.as_of > greatest(
                latest.fiscal_year_start + interval 12 month - interval 1 day, latest.last_date
            ) then latest.fiscal_year_start + to_years(cast(
                datediff('month', latest.fiscal_year_start, settings.as_of) // 12 as integer
            ))
            else latest.fiscal_year_start
        end as date) as fiscal_year_start,
        settings.as_of,
    from entities
    cross join settings
    left join latest on latest.entity_no = entities.entity_no
)

select * from final
