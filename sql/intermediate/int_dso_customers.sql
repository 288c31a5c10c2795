-- grain: one row per entity, or for the group, month end, month compared with, and customer
-- key: scope_id, month_no, distance, counterparty_no
-- question: How far did each customer move the simple DSO, by buying more or less and by paying
--   earlier or later?
-- materialized: view
-- columns:
--   scope_id: entity_id, or group
--   month_no: month, see int_months
--   distance: months between the two month ends: 1 or 12
--   counterparty_no: customer, see int_accounts; in the group, of an entity in another currency all
--     customers outside the group as one: less than 0, the rank of the entity
--   from_share_ratio: share of the customer in the sales of the year then
--   share_ratio: the same now
--   from_receivable_amount: what the customer owed then, without 416
--   receivable_amount: what the customer owes now
--   mix_overdue_days: change of the share × (overdue days of the customer then − those of all)
--   mix_not_due_days: the same with what was not due
--   own_days: change of the customer's part of the DSO less what its share brings at its delay then
-- decisions: 31, 48, 50
with

customers as (
    select distinct
        int_accounts.counterparty_no,
        int_accounts.entity_id,
        not int_accounts.is_intercompany and project_entities.currency = params.currency
            as is_in_group,
    from int_accounts
    inner join project_entities on project_entities.entity_id = int_accounts.entity_id
    cross join params
    where int_accounts.side = 'customer' and int_accounts.is_aged
    union all
    -- only the amounts of the whole entity are translated
    select
        -entity_no,
        null as entity_id,
        true as is_in_group,
    from int_group_entities
    where is_translated
),

points as materialized (
    select * from int_customer_points
    union all
    select
        -members.entity_no,
        parts.month_no,
        parts.year_sales_amount,
        parts.dso_receivable_amount,
        parts.dso_overdue_amount,
        parts.dso_current_amount,
    from int_kpi_parts as parts
    inner join int_group_entities as members on members.entity_id = parts.entity_id
    where parts.is_translated and parts.side = 'customer' and parts.is_shown
),

kpis as materialized (
    select
        scope_id,
        month_no,
        year_sales_amount,
        year_day_count,
    from int_kpis_monthly
    where side = 'customer' and year_sales_amount > 0
),

scopes as (
    select
        now.scope_id,
        now.month_no,
        past.month_no - now.month_no as distance,
        now.year_sales_amount as to_sales_amount,
        now.year_day_count as to_day_count,
        past.year_sales_amount as from_sales_amount,
        past.year_day_count as from_day_count,
    from kpis as now
    inner join kpis as past
        on past.scope_id = now.scope_id
        and past.month_no in (now.month_no + 1, now.month_no + 12)
),

-- a customer stands on both sides, on one, or on none of a pair; each of its points is the newer
-- end of two pairs and the older end of two others
ends as (
    select
        counterparty_no,
        month_no,
        unnest([1, 12]) as distance,
        year_sales_amount as to_sales_amount,
        dso_receivable_amount as to_receivable_amount,
        0 as from_sales_amount,
        0 as from_receivable_amount,
        0 as from_overdue_amount,
        0 as from_current_amount,
    from points
    union all
    select
        counterparty_no,
        month_no - unnest([1, 12]),
        unnest([1, 12]),
        0,
        0,
        year_sales_amount,
        dso_receivable_amount,
        dso_overdue_amount,
        dso_current_amount,
    from points
),

pairs as (
    select
        counterparty_no,
        month_no,
        distance,
        sum(to_sales_amount) as to_sales_amount,
        sum(to_receivable_amount) as to_receivable_amount,
        sum(from_sales_amount) as from_sales_amount,
        sum(from_receivable_amount) as from_receivable_amount,
        -- what it owes, from nothing to what it bought, in the proportion of its open debits
        sum(from_overdue_amount) * greatest(
            0, least(sum(from_receivable_amount), sum(from_sales_amount))
        ) / nullif(sum(from_overdue_amount) + sum(from_current_amount), 0) as from_overdue_amount,
        sum(from_current_amount) * greatest(
            0, least(sum(from_receivable_amount), sum(from_sales_amount))
        ) / nullif(sum(from_overdue_amount) + sum(from_current_amount), 0) as from_current_amount,
        sum(from_sales_amount) > 0 as is_measured,
    from ends
    where month_no >= 0
    group by counterparty_no, month_no, distance
),

scope_pairs as (
    select
        scopes.scope_id,
        scopes.from_day_count,
        scopes.to_day_count,
        scopes.from_sales_amount as scope_from_sales_amount,
        scopes.to_sales_amount as scope_to_sales_amount,
        pairs.*,
    from pairs
    inner join customers on customers.counterparty_no = pairs.counterparty_no
    -- fans out on purpose: an entity and the group
    inner join scopes
        on scopes.month_no = pairs.month_no
        and scopes.distance = pairs.distance
        and (
            scopes.scope_id = customers.entity_id
            or scopes.scope_id = 'group' and customers.is_in_group
        )
),

-- the mean delay of the customers that had sales then
means as (
    select
        scope_id,
        month_no,
        distance,
        sum(from_sales_amount) as sales_amount,
        sum(cast(from_overdue_amount as decimal(28, 8))) as overdue_amount,
        sum(cast(from_current_amount as decimal(28, 8))) as current_amount,
    from scope_pairs
    where is_measured
    group by scope_id, month_no, distance
),

-- a customer without sales then counts at the mean
delays as (
    select
        scope_pairs.*,
        scope_pairs.from_sales_amount / scope_pairs.scope_from_sales_amount as from_share_ratio,
        scope_pairs.to_sales_amount / scope_pairs.scope_to_sales_amount as share_ratio,
        coalesce(scope_pairs.from_day_count * means.overdue_amount / means.sales_amount, 0)
            as mean_overdue_days,
        coalesce(scope_pairs.from_day_count * means.current_amount / means.sales_amount, 0)
            as mean_not_due_days,
        case when scope_pairs.is_measured
            then scope_pairs.from_day_count * coalesce(scope_pairs.from_overdue_amount, 0)
                / scope_pairs.from_sales_amount
            else mean_overdue_days end as overdue_days,
        case when scope_pairs.is_measured
            then scope_pairs.from_day_count * coalesce(scope_pairs.from_current_amount, 0)
                / scope_pairs.from_sales_amount
            else mean_not_due_days end as not_due_days,
        scope_pairs.to_receivable_amount * scope_pairs.to_day_count
            / scope_pairs.scope_to_sales_amount
            - scope_pairs.from_receivable_amount * scope_pairs.from_day_count
            / scope_pairs.scope_from_sales_amount as part_days,
    from scope_pairs
    left join means
        on means.scope_id = scope_pairs.scope_id
        and means.month_no = scope_pairs.month_no
        and means.distance = scope_pairs.distance
),

final as (
    select
        scope_id,
        month_no,
        distance,
        counterparty_no,
        cast(from_share_ratio as decimal(18, 6)) as from_share_ratio,
        cast(share_ratio as decimal(18, 6)) as share_ratio,
        from_receivable_amount,
        to_receivable_amount as receivable_amount,
        cast(
            (share_ratio - from_share_ratio) * (overdue_days - mean_overdue_days)
            as decimal(28, 12)
        ) as mix_overdue_days,
        cast(
            (share_ratio - from_share_ratio) * (not_due_days - mean_not_due_days)
            as decimal(28, 12)
        ) as mix_not_due_days,
        cast(
            part_days - (share_ratio - from_share_ratio) * (overdue_days + not_due_days)
            as decimal(28, 12)
        ) as own_days,
    from delays
)

select * from final
