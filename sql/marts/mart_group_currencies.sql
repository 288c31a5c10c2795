-- grain: one row per side and entity that has open items
-- key: side, member_id
-- sort: side, member_id
-- question: What is owed to the group, each entity in its own currency and in that of the group?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   member_id: the entity
--   member_currency: currency of its ledger
--   member_amount: debits less credits without intercompany, currency of the entity
--   member_intercompany_amount: debits less credits that are left out, currency of the entity
--   method: closing, historic or fixed, as encours.yaml says; none: entities of another currency
--     are left out
--   group_amount: member_amount by that method, currency of the group; null where the entity is
--     left out or a rate is missing
--   closing_amount: at the rate of the as-of date or the 7 days before, currency of the group
--   historic_amount: each item at the rate of its accounting date, currency of the group
--   fixed_amount: at the rate of ref_fixed_rates, currency of the group
--   difference_amount: closing_amount less historic_amount: what the rates have changed since,
--     currency of the group
-- decisions: 17, 46
with

translations as (
    select * from int_group_translations
),

entities as (
    select * from project_entities
),

methods as (
    select coalesce(max(method), 'none') as method
    from project_currency
),

summed as (
    select
        entity_no,
        side,
        coalesce(sum(open_amount) filter (where not is_intercompany), 0) as member_amount,
        coalesce(sum(open_amount) filter (where is_intercompany), 0) as intercompany_amount,
        case when bool_and(is_intercompany or closing_amount is not null)
            then coalesce(sum(closing_amount) filter (where not is_intercompany), 0) end
            as closing_amount,
        case when bool_and(is_intercompany or historic_amount is not null)
            then coalesce(sum(historic_amount) filter (where not is_intercompany), 0) end
            as historic_amount,
        case when bool_and(is_intercompany or fixed_amount is not null)
            then coalesce(sum(fixed_amount) filter (where not is_intercompany), 0) end
            as fixed_amount,
    from translations
    group by entity_no, side
),

final as (
    select
        'group' as entity_id,
        summed.side,
        entities.entity_id as member_id,
        entities.currency as member_currency,
        cast(summed.member_amount as decimal(18, 2)) as member_amount,
        cast(summed.intercompany_amount as decimal(18, 2)) as member_intercompany_amount,
        methods.method,
        cast(case
            when entities.currency = params.currency then summed.member_amount
            when methods.method = 'closing' then summed.closing_amount
            when methods.method = 'historic' then summed.historic_amount
            when methods.method = 'fixed' then summed.fixed_amount
        end as decimal(18, 2)) as group_amount,
        cast(summed.closing_amount as decimal(18, 2)) as closing_amount,
        cast(summed.historic_amount as decimal(18, 2)) as historic_amount,
        cast(summed.fixed_amount as decimal(18, 2)) as fixed_amount,
        cast(summed.closing_amount - summed.historic_amount as decimal(18, 2))
            as difference_amount,
    from summed
    inner join entities on entities.entity_no = summed.entity_no
    cross join methods
    cross join params
)

select * from final
