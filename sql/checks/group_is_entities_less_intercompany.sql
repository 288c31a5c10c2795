-- severity: fail
-- sentence: The group figures are not the sum of the entities less intercompany.
with

entities as (
    select
        mart_ageing.side,
        sum(mart_ageing.open_amount) as open_amount,
    from mart_ageing
    inner join project_entities on project_entities.entity_id = mart_ageing.entity_id
    cross join params
    where project_entities.currency = params.currency
    group by mart_ageing.side
),

groups as (
    select
        side,
        sum(open_amount + intercompany_amount) as open_amount,
    from mart_group_ageing
    group by side
)

select
    entities.side,
    entities.open_amount as entities_amount,
    groups.open_amount as group_amount,
from entities
left join groups on groups.side = entities.side
where coalesce(groups.open_amount, 0) <> entities.open_amount
