-- grain: one row per entity, or for the group, month compared with and customer that bought or owed
--   at either date
-- key: scope_id, compared_with, counterparty_entity_id, counterparty_id
-- question: Which customers moved the simple DSO most, by their weight or by paying later?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group
--   compared_with: month_before or year_before
--   rank_no: rank by the days moved, up or down, from 1
--   counterparty_entity_id: entity whose customer it is
--   counterparty_id: code of the customer; * in the group for all customers of an entity in another
--     currency
--   from_date: end of the month compared with; the other date is the as-of date
--   from_share_ratio: share in the sales of the 365 days up to from_date
--   share_ratio: the same at the as-of date
--   from_receivable_amount: what it owed at from_date, without 416
--   receivable_amount: the same at the as-of date
--   mix_days: change of its share × (its delay at from_date less that of all), days; their
--     sum is the effect mix of the bridge
--   own_days: change of its part of the DSO less what its share brings at its delay of then, days:
--     it pays later (above 0) or earlier
--   moved_days: mix_days + own_days; their sum is the change of the DSO exactly
-- decisions: 31, 48, 50
with

moved as (
    select
        customers.scope_id,
        coalesce(accounts.entity_id, members.entity_id) as counterparty_entity_id,
        case when customers.distance = 1 then 'month_before' else 'year_before' end
            as compared_with,
        coalesce(accounts.counterparty_id, '*') as counterparty_id,
        customers.from_share_ratio,
        customers.share_ratio,
        customers.from_receivable_amount,
        customers.receivable_amount,
        customers.mix_overdue_days + customers.mix_not_due_days as mix_days,
        customers.own_days,
    from int_dso_customers as customers
    left join (
        select distinct
            counterparty_no,
            entity_id,
            counterparty_id,
        from int_accounts
    ) as accounts on accounts.counterparty_no = customers.counterparty_no
    left join int_group_entities as members on -members.entity_no = customers.counterparty_no
    where customers.month_no = 0
),

ranked as (
    select
        *,
        row_number() over largest as rank_no,
        sum(mix_days) over largest as mix_sum_days,
        sum(mix_days + own_days) over largest as moved_sum_days,
        row_number() over largest = count(*) over (partition by scope_id, compared_with)
            as is_last,
    from moved
    window largest as (
        partition by scope_id, compared_with
        order by abs(mix_days + own_days) desc, counterparty_entity_id, counterparty_id
        rows between unbounded preceding and current row
    )
),

bridges as (
    select
        bridge.scope_id,
        bridge.compared_with,
        bridge.from_date,
        bridge.from_days,
        max(bridge.level_days) filter (where bridge.effect = 'mix') as mix_level_days,
        max(bridge.level_days) filter (where bridge.effect = 'credits') as to_days,
    from int_dso_bridge as bridge
    inner join params on params.as_of = bridge.month_end_date
    group by bridge.scope_id, bridge.compared_with, bridge.from_date, bridge.from_days
),

-- levels are rounded, days are their differences: they add up to the effects exactly
levels as (
    select
        ranked.*,
        bridges.from_date,
        bridges.from_days,
        case when ranked.is_last then bridges.mix_level_days
            else cast(bridges.from_days + ranked.mix_sum_days as decimal(12, 2))
        end as mix_level_days,
        case when ranked.is_last then bridges.to_days
            else cast(bridges.from_days + ranked.moved_sum_days as decimal(12, 2))
        end as moved_level_days,
    from ranked
    inner join bridges
        on bridges.scope_id = ranked.scope_id
        and bridges.compared_with = ranked.compared_with
),

steps as (
    select
        *,
        mix_level_days - coalesce(lag(mix_level_days) over largest, from_days) as mix_step_days,
        moved_level_days - coalesce(lag(moved_level_days) over largest, from_days)
            as moved_step_days,
    from levels
    window largest as (partition by scope_id, compared_with order by rank_no)
),

final as (
    select
        scope_id,
        compared_with,
        rank_no,
        counterparty_entity_id,
        counterparty_id,
        from_date,
        from_share_ratio,
        share_ratio,
        cast(from_receivable_amount as decimal(18, 2)) as from_receivable_amount,
        cast(receivable_amount as decimal(18, 2)) as receivable_amount,
        cast(mix_step_days as decimal(12, 2)) as mix_days,
        cast(moved_step_days - mix_step_days as decimal(12, 2)) as own_days,
        cast(moved_step_days as decimal(12, 2)) as moved_days,
    from steps
)

select * from final
