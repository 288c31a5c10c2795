-- severity: fail
-- sentence: The effects of these DSO bridges do not add up to the change of the DSO.
with

bridges as (
    select * from mart_dso_bridge
    union all
    select * from mart_group_dso_bridge
),

kpis as (
    select entity_id, month_end_date, dso_simple_days from mart_kpis_monthly
    union all
    select entity_id, month_end_date, dso_simple_days from mart_group_kpis_monthly
),

sums as (
    select
        entity_id,
        month_end_date,
        compared_with,
        from_date,
        sum(effect_days) as effects_days,
    from bridges
    group by entity_id, month_end_date, compared_with, from_date
)

select
    sums.entity_id,
    sums.month_end_date,
    sums.compared_with,
    sums.effects_days,
    kpis.dso_simple_days - before.dso_simple_days as change_days,
from sums
inner join kpis
    on kpis.entity_id = sums.entity_id
    and kpis.month_end_date = sums.month_end_date
inner join kpis as before
    on before.entity_id = sums.entity_id
    and before.month_end_date = sums.from_date
where sums.effects_days <> kpis.dso_simple_days - before.dso_simple_days
