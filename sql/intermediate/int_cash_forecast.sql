-- grain: one row per entity, or for the group, side and period
-- key: scope_id, side, period_no
-- question: How much is expected in each of the next thirteen weeks, after them, and not at all?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group for the sum of the entities without intercompany
--   side: customer or supplier
--   period_no: week 1 to 13, 14 for later, 15 for what is not expected
--   low_amount: expected where everybody pays late, open credits set off
--   mid_amount: expected, open credits set off
--   high_amount: expected where everybody pays early, open credits set off
--   item_amount: the open items that are expected then, before open credits are set off
--   item_count: these items and their parts
-- decisions: 17, 35
with

items as not materialized (
    select * from int_forecast_items
    where forecast_no = 0
),

dates as (
    select * from int_forecast_dates
    where forecast_no = 0
),

accounts as (
    select
        int_accounts.account_key,
        int_accounts.counterparty_no,
        int_accounts.entity_id,
        int_accounts.side,
        not int_accounts.is_intercompany and project_entities.currency = params.currency
            as is_group,
    from int_accounts
    inner join project_entities on project_entities.entity_no = int_accounts.entity_no
    cross join params
),

counterparties as (
    select distinct
        counterparty_no,
        entity_id,
        side,
        is_group,
    from accounts
),

placed as (
    select
        accounts.counterparty_no,
        items.open_amount,
        items.basis = 'credit' as is_credit,
        case when items.late_date is null then 15 else greatest(1, least(
            14, (items.late_date - dates.week_start_date) // 7 + 1
        )) end as low_no,
        case when items.mid_date is null then 15 else greatest(1, least(
            14, (items.mid_date - dates.week_start_date) // 7 + 1
        )) end as mid_no,
        case when items.early_date is null then 15 else greatest(1, least(
            14, (items.early_date - dates.week_start_date) // 7 + 1
        )) end as high_no,
    from items
    cross join dates
    inner join accounts on accounts.account_key = items.account_key
),

debits as (
    select
        counterparty_no,
        unnest(['low', 'mid', 'high']) as scenario,
        unnest([low_no, mid_no, high_no]) as period_no,
        open_amount,
    from placed
    where not is_credit
),

credits as (
    select
        counterparty_no,
        sum(open_amount) as credit_amount,
    from placed
    where is_credit
    group by counterparty_no
),

sums as (
    select
        counterparty_no,
        scenario,
        period_no,
        sum(open_amount) as item_amount,
        count(*) as item_count,
    from debits
    group by counterparty_no, scenario, period_no
    union all
    -- where a credit is more than everything that is open, the rest of it is not expected either
    select
        counterparty_no,
        unnest(['low', 'mid', 'high']) as scenario,
        16 as period_no,
        0 as item_amount,
        0 as item_count,
    from credits
),

-- a credit is set off against what its counterparty is expected to pay first
running as (
    select
        sums.counterparty_no,
        sums.scenario,
        sums.period_no,
        sums.item_amount,
        sums.item_count,
        coalesce(credits.credit_amount, 0) as credit_amount,
        sum(sums.item_amount) over (
            partition by sums.counterparty_no, sums.scenario order by sums.period_no
        ) as to_amount,
    from sums
    left join credits on credits.counterparty_no = sums.counterparty_no
),

net as (
    select
        counterparty_no,
        scenario,
        least(period_no, 15) as period_no,
        item_amount,
        item_count,
        case when period_no = 16
            then least(0, to_amount + credit_amount)
            else greatest(0, to_amount + credit_amount)
                - greatest(0, to_amount - item_amount + credit_amount)
        end as amount,
    from running
),

scoped as (
    select
        counterparties.entity_id as scope_id,
        counterparties.side,
        net.scenario,
        net.period_no,
        sum(net.amount) as amount,
        sum(net.item_amount) as item_amount,
        sum(net.item_count) as item_count,
    from net
    inner join counterparties on counterparties.counterparty_no = net.counterparty_no
    group by all
    union all
    select
        'group' as scope_id,
        counterparties.side,
        net.scenario,
        net.period_no,
        sum(net.amount) as amount,
        sum(net.item_amount) as item_amount,
        sum(net.item_count) as item_count,
    from net
    inner join counterparties on counterparties.counterparty_no = net.counterparty_no
    where counterparties.is_group
    group by all
),

-- every period stands, with zero where nothing is expected
spine as (
    select
        scopes.scope_id,
        scopes.side,
        periods.period_no,
    from (select distinct scope_id, side from scoped) as scopes
    cross join (select unnest(range(1, 16)) as period_no) as periods
),

final as (
    select
        spine.scope_id,
        spine.side,
        cast(spine.period_no as integer) as period_no,
        cast(coalesce(sum(scoped.amount) filter (where scoped.scenario = 'low'), 0)
            as decimal(18, 2)) as low_amount,
        cast(coalesce(sum(scoped.amount) filter (where scoped.scenario = 'mid'), 0)
            as decimal(18, 2)) as mid_amount,
        cast(coalesce(sum(scoped.amount) filter (where scoped.scenario = 'high'), 0)
            as decimal(18, 2)) as high_amount,
        cast(coalesce(sum(scoped.item_amount) filter (where scoped.scenario = 'mid'), 0)
            as decimal(18, 2)) as item_amount,
        cast(coalesce(sum(scoped.item_count) filter (where scoped.scenario = 'mid'), 0)
            as bigint) as item_count,
    from spine
    left join scoped
        on scoped.scope_id = spine.scope_id
        and scoped.side = spine.side
        and scoped.period_no = spine.period_no
    group by spine.scope_id, spine.side, spine.period_no
)

select * from final
