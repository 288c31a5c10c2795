-- grain: one row per entity, or for the group, month end, month compared with, and effect
-- key: scope_id, month_end_date, compared_with, effect
-- question: Why did the simple DSO move between two month ends?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group
--   month_end_date: end of the month; the as-of date for the month that holds it
--   compared_with: month_before or year_before
--   from_date: end of the month compared with
--   effect_order: order of the effect
--   effect: mix, sales, overdue, not_due or credits
--   from_days: simple DSO at from_date
--   effect_days: days by which the effect moved it
--   level_days: DSO once this effect and those before it are in; after the last, that of now
-- decisions: 18, 31, 50
with

kpis as materialized (
    select
        *,
        nullif(greatest(year_sales_amount, 0), 0) as positive_sales_amount,
    from int_kpis_monthly
    where side = 'customer'
),

mixes as materialized (
    select
        scope_id,
        month_no,
        distance,
        sum(mix_overdue_days) as mix_overdue_days,
        sum(mix_not_due_days) as mix_not_due_days,
    from int_dso_customers
    group by scope_id, month_no, distance
),

pairs as (
    select
        kpis.scope_id,
        kpis.month_end_date,
        mixes.distance,
        past.month_end_date as from_date,
        past.dso_simple_days as level_0,
        try_cast(
            past.dso_receivable_amount * past.year_day_count / past.positive_sales_amount
            + mixes.mix_overdue_days + mixes.mix_not_due_days as decimal(12, 2)
        ) as level_1,
        try_cast(
            past.dso_receivable_amount * kpis.year_day_count / kpis.positive_sales_amount
            + mixes.mix_overdue_days + mixes.mix_not_due_days as decimal(12, 2)
        ) as level_2,
        try_cast(
            (past.dso_receivable_amount + kpis.dso_overdue_amount - past.dso_overdue_amount)
            * kpis.year_day_count / kpis.positive_sales_amount
            + mixes.mix_not_due_days as decimal(12, 2)
        ) as level_3,
        try_cast((
            past.dso_receivable_amount + kpis.dso_overdue_amount - past.dso_overdue_amount
            + kpis.dso_current_amount - past.dso_current_amount
        ) * kpis.year_day_count / kpis.positive_sales_amount as decimal(12, 2)) as level_4,
        kpis.dso_simple_days as level_5,
    from kpis
    inner join mixes
        on mixes.scope_id = kpis.scope_id
        and mixes.month_no = kpis.month_no
    inner join kpis as past
        on past.scope_id = kpis.scope_id
        and past.month_no = kpis.month_no + mixes.distance
),

-- levels are rounded, effects are their differences: they add up to the change exactly
levels as (
    select
        scope_id,
        month_end_date,
        case when distance = 1 then 'month_before' else 'year_before' end as compared_with,
        from_date,
        level_0 as from_days,
        unnest([
            {'no': 1, 'effect': 'mix', 'before': level_0, 'after': level_1},
            {'no': 2, 'effect': 'sales', 'before': level_1, 'after': level_2},
            {'no': 3, 'effect': 'overdue', 'before': level_2, 'after': level_3},
            {'no': 4, 'effect': 'not_due', 'before': level_3, 'after': level_4},
            {'no': 5, 'effect': 'credits', 'before': level_4, 'after': level_5}
        ]) as step,
    from pairs
    where
        level_0 is not null and level_1 is not null and level_2 is not null
        and level_3 is not null and level_4 is not null and level_5 is not null
),

final as (
    select
        scope_id,
        month_end_date,
        compared_with,
        from_date,
        step.no as effect_order,
        step.effect as effect,
        from_days,
        cast(step.after - step.before as decimal(12, 2)) as effect_days,
        step.after as level_days,
    from levels
)

select * from final
