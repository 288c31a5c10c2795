-- severity: fail
-- sentence: The group figures are not the sum of the entities less intercompany.
with

entities as (
    select
        side,
        sum(buckets_amount) as open_amount,
    from mart_group_reconciliation
    where is_aged
    group by side
),

groups as (
    select
        side,
        sum(open_amount + intercompany_amount) as open_amount,
    from mart_group_ageing
    group by side
)

select
    coalesce(entities.side, groups.side) as side,
    entities.open_amount as entities_amount,
    groups.open_amount as group_amount,
from entities
full join groups on groups.side = entities.side
where coalesce(groups.open_amount, 0) <> coalesce(entities.open_amount, 0)
