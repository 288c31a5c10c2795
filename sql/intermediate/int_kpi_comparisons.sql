-- grain: one row per entity, or for the group, month end and measure
-- key: scope_id, month_end_date, measure
-- question: How does each measure compare with a month and a year before, and with its target?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group
--   month_end_date: end of the month; the as-of date for the month that holds it
--   measure_order: order in which measures are shown
--   measure: column of mart_kpis_monthly
--   unit: amount, days, ratio, number or count
--   value: the measure
--   month_before_value: at the end of the month before
--   year_before_value: at the end of the same month of the year before
--   target_value: target of encours.yaml, null where it gives none
--   is_ceiling: the measure should not be above its target; else not below it
--   is_countback_floor: the measure is a floor
--   month_change_value: value less month_before_value, same unit
--   year_change_value: value less year_before_value, same unit
--   target_gap_value: value less target_value, same unit
--   is_target_met: value on the right side of target_value; null where there is no target or value
-- decisions: 15, 32
with

kpis as materialized (
    select * from int_kpis_monthly
    where side = 'customer'
),

measures as materialized (
    select
        scope_id,
        month_no,
        month_end_date,
        is_countback_floor,
        unnest([
            {'no': 1, 'measure': 'sales_amount', 'unit': 'amount',
                'value': cast(sales_amount as decimal(20, 6))},
            {'no': 2, 'measure': 'receivable_amount', 'unit': 'amount',
                'value': cast(receivable_amount as decimal(20, 6))},
            {'no': 3, 'measure': 'dso_receivable_amount', 'unit': 'amount',
                'value': cast(dso_receivable_amount as decimal(20, 6))},
            {'no': 4, 'measure': 'overdue_amount', 'unit': 'amount',
                'value': cast(overdue_amount as decimal(20, 6))},
            {'no': 5, 'measure': 'unallocated_credit_amount', 'unit': 'amount',
                'value': cast(unallocated_credit_amount as decimal(20, 6))},
            {'no': 6, 'measure': 'doubtful_amount', 'unit': 'amount',
                'value': cast(doubtful_amount as decimal(20, 6))},
            {'no': 7, 'measure': 'disputed_amount', 'unit': 'amount',
                'value': cast(disputed_amount as decimal(20, 6))},
            {'no': 8, 'measure': 'factored_amount', 'unit': 'amount',
                'value': cast(factored_amount as decimal(20, 6))},
            {'no': 9, 'measure': 'unfactored_receivable_amount', 'unit': 'amount',
                'value': cast(unfactored_receivable_amount as decimal(20, 6))},
            {'no': 10, 'measure': 'dso_countback_days', 'unit': 'days',
                'value': cast(dso_countback_days as decimal(20, 6))},
            {'no': 11, 'measure': 'dso_simple_days', 'unit': 'days',
                'value': cast(dso_simple_days as decimal(20, 6))},
            {'no': 12, 'measure': 'unfactored_dso_simple_days', 'unit': 'days',
                'value': cast(unfactored_dso_simple_days as decimal(20, 6))},
            {'no': 13, 'measure': 'unfactored_dso_countback_days', 'unit': 'days',
                'value': cast(unfactored_dso_countback_days as decimal(20, 6))},
            {'no': 14, 'measure': 'best_possible_dso_days', 'unit': 'days',
                'value': cast(best_possible_dso_days as decimal(20, 6))},
            {'no': 15, 'measure': 'average_days_delinquent', 'unit': 'days',
                'value': cast(average_days_delinquent as decimal(20, 6))},
            {'no': 16, 'measure': 'days_to_pay', 'unit': 'days',
                'value': cast(days_to_pay as decimal(20, 6))},
            {'no': 17, 'measure': 'days_late', 'unit': 'days',
                'value': cast(days_late as decimal(20, 6))},
            {'no': 18, 'measure': 'turnover_days', 'unit': 'days',
                'value': cast(turnover_days as decimal(20, 6))},
            {'no': 19, 'measure': 'overdue_ratio', 'unit': 'ratio',
                'value': cast(overdue_ratio as decimal(20, 6))},
            {'no': 20, 'measure': 'cei_ratio', 'unit': 'ratio',
                'value': cast(cei_ratio as decimal(20, 6))},
            {'no': 21, 'measure': 'dispute_ratio', 'unit': 'ratio',
                'value': cast(dispute_ratio as decimal(20, 6))},
            {'no': 22, 'measure': 'lettering_coverage_ratio', 'unit': 'ratio',
                'value': cast(lettering_coverage_ratio as decimal(20, 6))},
            {'no': 23, 'measure': 'top10_ratio', 'unit': 'ratio',
                'value': cast(top10_ratio as decimal(20, 6))},
            {'no': 24, 'measure': 'turnover_ratio', 'unit': 'number',
                'value': cast(turnover_ratio as decimal(20, 6))},
            {'no': 25, 'measure': 'herfindahl_index', 'unit': 'number',
                'value': cast(herfindahl_index as decimal(20, 6))},
            {'no': 26, 'measure': 'effective_counterparty_count', 'unit': 'number',
                'value': cast(effective_counterparty_count as decimal(20, 6))},
            {'no': 27, 'measure': 'counterparty_count', 'unit': 'count',
                'value': cast(counterparty_count as decimal(20, 6))}
        ]) as entry,
    from kpis
),

compared as (
    select
        measures.scope_id,
        measures.month_end_date,
        measures.entry.no as measure_order,
        measures.entry.measure as measure,
        measures.entry.unit as unit,
        measures.entry.value as value,
        month_before.entry.value as month_before_value,
        year_before.entry.value as year_before_value,
        cast(targets.target_value as decimal(20, 6)) as target_value,
        targets.is_ceiling,
        coalesce(
            measures.is_countback_floor and measures.entry.measure = 'dso_countback_days', false
        ) as is_countback_floor,
    from measures
    left join measures as month_before
        on month_before.scope_id = measures.scope_id
        and month_before.month_no = measures.month_no + 1
        and month_before.entry.no = measures.entry.no
    left join measures as year_before
        on year_before.scope_id = measures.scope_id
        and year_before.month_no = measures.month_no + 12
        and year_before.entry.no = measures.entry.no
    left join project_targets as targets
        on targets.entity_id = measures.scope_id
        and targets.measure = measures.entry.measure
),

final as (
    select
        *,
        cast(value - month_before_value as decimal(20, 6)) as month_change_value,
        cast(value - year_before_value as decimal(20, 6)) as year_change_value,
        cast(value - target_value as decimal(20, 6)) as target_gap_value,
        case when is_ceiling then value <= target_value else value >= target_value end
            as is_target_met,
    from compared
)

select * from final
