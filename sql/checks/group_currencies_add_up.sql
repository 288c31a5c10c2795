-- severity: fail
-- sentence: The balances of the entities in the currency of the group are not those of the group.
with

members as (
    select
        translations.side,
        sum(
            case
                when members.is_home then translations.open_amount
                when members.is_fixed then translations.fixed_amount
                else translations.closing_amount
            end
        ) filter (where not translations.is_intercompany) as open_amount,
    from int_group_translations as translations
    inner join int_group_entities as members on members.entity_no = translations.entity_no
    where members.is_home or members.is_translated
    group by translations.side
),

groups as (
    select
        side,
        sum(open_amount) as open_amount,
    from mart_group_ageing
    group by side
)

select
    coalesce(members.side, groups.side) as side,
    members.open_amount as members_amount,
    groups.open_amount as group_amount,
from members
full join groups on groups.side = members.side
where coalesce(members.open_amount, 0) <> coalesce(groups.open_amount, 0)
