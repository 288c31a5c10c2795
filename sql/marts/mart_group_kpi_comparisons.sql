-- grain: one row per month end and measure
-- key: month_end_date, measure
-- sort: month_end_date, measure_order
-- question: The same for the group, without what its entities owe one another?
-- materialized: table
-- columns:
--   entity_id: always group
--   month_end_date: end of the month; the as-of date for the month that holds it
--   measure: column of mart_group_kpis_monthly
--   measure_order: order in which measures are shown
--   unit: amount (currency of the group), days, ratio (0 to 1), number or count
--   value: the measure, in its unit
--   month_before_value: at the end of the month before, same unit
--   month_change_value: value less month_before_value, same unit
--   year_before_value: at the end of the same month of the year before, same unit
--   year_change_value: value less year_before_value, same unit
--   target_value: target of encours.yaml, same unit; null where it gives none
--   target_gap_value: value less target_value, same unit
--   is_target_met: value on the right side of target_value; null where there is no target or value
--   is_countback_floor: value is a floor: the sales loaded do not exhaust the receivable
-- decisions: 15, 32
with

comparisons as (
    select * from int_kpi_comparisons
    where scope_id = 'group'
),

final as (
    select
        scope_id as entity_id,
        month_end_date,
        measure,
        measure_order,
        unit,
        value,
        month_before_value,
        month_change_value,
        year_before_value,
        year_change_value,
        target_value,
        target_gap_value,
        is_target_met,
        is_countback_floor,
    from comparisons
)

select * from final
