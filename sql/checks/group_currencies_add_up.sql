-- severity: fail
-- sentence: The balances of the entities in the currency of the group are not those of the group.
with

members as (
    select
        mart_group_currencies.side,
        sum(mart_group_currencies.group_amount) as open_amount,
        sum(mart_group_currencies.member_intercompany_amount) as intercompany_amount,
    from mart_group_currencies
    cross join params
    where mart_group_currencies.member_currency = params.currency
    group by mart_group_currencies.side
),

groups as (
    select
        side,
        sum(open_amount) as open_amount,
        sum(intercompany_amount) as intercompany_amount,
    from mart_group_ageing
    group by side
)

select
    coalesce(members.side, groups.side) as side,
    members.open_amount as members_amount,
    groups.open_amount as group_amount,
from members
full join groups on groups.side = members.side
where
    coalesce(members.open_amount, 0) <> coalesce(groups.open_amount, 0)
    or coalesce(members.intercompany_amount, 0) <> coalesce(groups.intercompany_amount, 0)
