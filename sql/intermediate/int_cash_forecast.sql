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
--   credit_amount: open credits that are set off against them, negative; in the
--     period not_expected the credits that nothing is left to set off against
--   period: week, later or not_expected
--   week_start_date: Monday of the week, null for the other periods
--   week_end_date: Sunday of the week
--   is_partial: the as-of date lies within the week: only the days after it count
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

credits as (
    select
        accounts.counterparty_no,
        sum(items.open_amount) as credit_amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    where items.open_amount < 0
    group by accounts.counterparty_no
),

-- counterparties without an open credit need not be told apart: 0
placed as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.is_group,
        coalesce(credits.counterparty_no, 0) as counterparty_no,
        coalesce(credits.credit_amount, 0) as credit_amount,
        case when items.late_date is null then 15 else greatest(1, least(
            14, (items.late_date - dates.week_start_date) // 7 + 1
        )) end as low_no,
        case when items.mid_date is null then 15 else greatest(1, least(
            14, (items.mid_date - dates.week_start_date) // 7 + 1
        )) end as mid_no,
        case when items.early_date is null then 15 else greatest(1, least(
            14, (items.early_date - dates.week_start_date) // 7 + 1
        )) end as high_no,
        sum(items.open_amount) as item_amount,
        count(*) as item_count,
    from items
    cross join dates
    inner join accounts on accounts.account_key = items.account_key
    left join credits on credits.counterparty_no = accounts.counterparty_no
    where items.open_amount > 0
    group by all
),

sums as (
    select
        entity_id,
        side,
        is_group,
        counterparty_no,
        credit_amount,
        scenario,
        period_no,
        sum(item_amount) as item_amount,
        sum(item_count) as item_count,
    from (
        select
            * exclude (low_no, mid_no, high_no),
            unnest(['low', 'mid', 'high']) as scenario,
            unnest([low_no, mid_no, high_no]) as period_no,
        from placed
    )
    group by all
    union all
    -- where a credit is more than everything that is open, the rest of it is not expected either
    select distinct
        accounts.entity_id,
        accounts.side,
        accounts.is_group,
        credits.counterparty_no,
        credits.credit_amount,
        scenarios.scenario,
        16 as period_no,
        0 as item_amount,
        0 as item_count,
    from credits
    inner join accounts on accounts.counterparty_no = credits.counterparty_no
    cross join (select unnest(['low', 'mid', 'high']) as scenario) as scenarios
),

-- a credit is set off against what its counterparty is expected to pay first
running as (
    select
        *,
        sum(item_amount) over (
            partition by entity_id, side, is_group, counterparty_no, scenario order by period_no
        ) as to_amount,
    from sums
),

net as (
    select
        entity_id,
        side,
        is_group,
        scenario,
        least(period_no, 15) as period_no,
        sum(item_amount) as item_amount,
        sum(item_count) as item_count,
        sum(case when period_no = 16
            then least(0, to_amount + credit_amount)
            else greatest(0, to_amount + credit_amount)
                - greatest(0, to_amount - item_amount + credit_amount)
        end) as amount,
    from running
    group by all
),

scoped as (
    select
        entity_id as scope_id,
        side,
        scenario,
        period_no,
        sum(amount) as amount,
        sum(item_amount) as item_amount,
        sum(item_count) as item_count,
    from net
    group by entity_id, side, scenario, period_no
    union all
    select
        'group' as scope_id,
        side,
        scenario,
        period_no,
        sum(amount) as amount,
        sum(item_amount) as item_amount,
        sum(item_count) as item_count,
    from net
    where is_group
    group by side, scenario, period_no
),

-- every period stands, with zero where nothing is expected
spine as (
    select
        scopes.scope_id,
        scopes.side,
        numbers.period_no,
    from (select distinct scope_id, side from scoped) as scopes
    cross join (select unnest(range(1, 16)) as period_no) as numbers
),

periods as (
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
),

final as (
    select
        periods.*,
        cast(mid_amount - item_amount as decimal(18, 2)) as credit_amount,
        case period_no
            when 14 then 'later'
            when 15 then 'not_expected'
            else 'week'
        end as period,
        case when period_no <= 13 then dates.week_start_date + 7 * (period_no - 1) end
            as week_start_date,
        case when period_no <= 13 then dates.week_start_date + 7 * (period_no - 1) + 6 end
            as week_end_date,
        period_no = 1 and dates.week_start_date <= dates.forecast_date as is_partial,
    from periods
    cross join dates
)

select * from final
