-- severity: fail
-- sentence: The customers do not add up to the effects of these DSO bridges.
with

bridges as (
    select * from mart_dso_bridge
    union all
    select * from mart_group_dso_bridge
),

changes as (
    select
        bridges.entity_id,
        bridges.compared_with,
        sum(bridges.effect_days) filter (where bridges.effect = 'mix') as mix_days,
        sum(bridges.effect_days) as moved_days,
    from bridges
    inner join params on params.as_of = bridges.month_end_date
    group by bridges.entity_id, bridges.compared_with
),

customers as (
    select
        entity_id,
        compared_with,
        mix_days,
        moved_days,
    from mart_dso_customers
    union all
    select
        entity_id,
        compared_with,
        mix_days,
        moved_days,
    from mart_group_dso_customers
),

sums as (
    select
        entity_id,
        compared_with,
        sum(mix_days) as mix_days,
        sum(moved_days) as moved_days,
    from customers
    group by entity_id, compared_with
)

select
    changes.entity_id,
    changes.compared_with,
    changes.mix_days,
    sums.mix_days as customers_mix_days,
    changes.moved_days,
    sums.moved_days as customers_moved_days,
from changes
left join sums
    on sums.entity_id = changes.entity_id
    and sums.compared_with = changes.compared_with
where
    sums.mix_days is distinct from changes.mix_days
    or sums.moved_days is distinct from changes.moved_days
