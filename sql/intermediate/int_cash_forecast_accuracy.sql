-- grain: one row per entity, or for the group, side, past month end and horizon
-- key: scope_id, side, forecast_no, horizon_weeks
-- question: What would have been forecast at a past month end, and what came?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group for the sum of the entities without intercompany
--   side: customer or supplier
--   forecast_no: forecast date, see int_forecast_dates
--   forecast_date: month end
--   horizon_weeks: 4 or 13 weeks after it
--   horizon_date: last day of them
--   open_amount: open at the date, credits deducted
--   low_amount: forecast within the weeks where everybody pays late
--   mid_amount: forecast within the weeks
--   high_amount: forecast within the weeks where everybody pays early
--   naive_amount: due within the weeks or overdue already, open credits set off
--   actual_amount: cash that settled documents open at the date; null while the weeks last
--   later_amount: cash that settled documents of after the date; null while the weeks last
--   error_amount: mid_amount less actual_amount, currency of the entity
--   error_ratio: error_amount / actual_amount; 0.1: ten per cent too high
--   naive_error_amount: naive_amount less actual_amount, currency of the entity
--   naive_error_ratio: naive_error_amount / actual_amount
--   is_within: actual_amount lies between low_amount and high_amount
-- decisions: 17, 36
with

items as not materialized (
    select * from int_forecast_items
    where forecast_no > 0
),

dates as not materialized (
    select * from int_forecast_dates
    where forecast_no > 0
),

accounts as (
    select
        int_accounts.account_key,
        int_accounts.counterparty_no,
        int_accounts.entity_id,
        int_accounts.entity_no,
        int_accounts.side,
        int_accounts.is_intercompany,
        not int_accounts.is_intercompany and project_entities.currency = params.currency
            as is_group,
    from int_accounts
    inner join project_entities on project_entities.entity_no = int_accounts.entity_no
    cross join params
),

entities as (
    select
        project_entities.entity_no,
        project_entities.entity_id,
        project_entities.currency = params.currency as is_group_currency,
    from project_entities
    cross join params
),

sums as (
    select
        items.forecast_no,
        accounts.counterparty_no,
        sum(items.open_amount) as open_amount,
        coalesce(sum(items.open_amount) filter (where items.open_amount < 0), 0) as credit_amount,
        coalesce(sum(items.open_amount) filter (
            where items.late_date <= dates.forecast_date + 28
        ), 0) as low_4_amount,
        coalesce(sum(items.open_amount) filter (
            where items.mid_date <= dates.forecast_date + 28
        ), 0) as mid_4_amount,
        coalesce(sum(items.open_amount) filter (
            where items.early_date <= dates.forecast_date + 28
        ), 0) as high_4_amount,
        coalesce(sum(items.open_amount) filter (
            where items.open_amount > 0 and items.due_date <= dates.forecast_date + 28
        ), 0) as naive_4_amount,
        coalesce(sum(items.open_amount) filter (
            where items.late_date <= dates.forecast_date + 91
        ), 0) as low_13_amount,
        coalesce(sum(items.open_amount) filter (
            where items.mid_date <= dates.forecast_date + 91
        ), 0) as mid_13_amount,
        coalesce(sum(items.open_amount) filter (
            where items.early_date <= dates.forecast_date + 91
        ), 0) as high_13_amount,
        coalesce(sum(items.open_amount) filter (
            where items.open_amount > 0 and items.due_date <= dates.forecast_date + 91
        ), 0) as naive_13_amount,
    from items
    inner join dates on dates.forecast_no = items.forecast_no
    inner join accounts on accounts.account_key = items.account_key
    group by items.forecast_no, accounts.counterparty_no
),

counterparties as (
    select distinct
        counterparty_no,
        entity_id,
        side,
        is_group,
    from accounts
),

-- an open credit is set off against what its counterparty is expected to pay first
sides as (
    select
        counterparties.entity_id,
        counterparties.side,
        counterparties.is_group,
        sums.forecast_no,
        sum(sums.open_amount) as open_amount,
        sum(greatest(0, sums.credit_amount + sums.low_4_amount)) as low_4_amount,
        sum(greatest(0, sums.credit_amount + sums.mid_4_amount)) as mid_4_amount,
        sum(greatest(0, sums.credit_amount + sums.high_4_amount)) as high_4_amount,
        sum(greatest(0, sums.credit_amount + sums.naive_4_amount)) as naive_4_amount,
        sum(greatest(0, sums.credit_amount + sums.low_13_amount)) as low_13_amount,
        sum(greatest(0, sums.credit_amount + sums.mid_13_amount)) as mid_13_amount,
        sum(greatest(0, sums.credit_amount + sums.high_13_amount)) as high_13_amount,
        sum(greatest(0, sums.credit_amount + sums.naive_13_amount)) as naive_13_amount,
    from sums
    inner join counterparties on counterparties.counterparty_no = sums.counterparty_no
    group by all
),

-- fans out on purpose: two horizons
entity_sums as (
    select
        entity_id,
        side,
        is_group,
        forecast_no,
        weeks.horizon_weeks,
        open_amount,
        case weeks.horizon_weeks
            when 4 then low_4_amount else low_13_amount end as low_amount,
        case weeks.horizon_weeks
            when 4 then mid_4_amount else mid_13_amount end as mid_amount,
        case weeks.horizon_weeks
            when 4 then high_4_amount else high_13_amount end as high_amount,
        case weeks.horizon_weeks
            when 4 then naive_4_amount else naive_13_amount end as naive_amount,
    from sides
    cross join (select unnest([4, 13]) as horizon_weeks) as weeks
),

scoped as (
    select
        entity_id as scope_id,
        side,
        forecast_no,
        horizon_weeks,
        sum(open_amount) as open_amount,
        sum(low_amount) as low_amount,
        sum(mid_amount) as mid_amount,
        sum(high_amount) as high_amount,
        sum(naive_amount) as naive_amount,
    from entity_sums
    group by entity_id, side, forecast_no, horizon_weeks
    union all
    select
        'group' as scope_id,
        side,
        forecast_no,
        horizon_weeks,
        sum(open_amount) as open_amount,
        sum(low_amount) as low_amount,
        sum(mid_amount) as mid_amount,
        sum(high_amount) as high_amount,
        sum(naive_amount) as naive_amount,
    from entity_sums
    where is_group
    group by side, forecast_no, horizon_weeks
),

receipts as (
    select
        entities.entity_id,
        int_cash_receipts.side,
        not int_cash_receipts.is_intercompany and entities.is_group_currency as is_group,
        dates.forecast_no,
        weeks.horizon_weeks,
        coalesce(sum(int_cash_receipts.receipt_amount) filter (
            where int_cash_receipts.document_month_no <= dates.known_month_no
        ), 0) as actual_amount,
        coalesce(sum(int_cash_receipts.receipt_amount) filter (
            where int_cash_receipts.document_month_no > dates.known_month_no
        ), 0) as later_amount,
    from int_cash_receipts
    inner join entities on entities.entity_no = int_cash_receipts.entity_no
    inner join dates
        on int_cash_receipts.receipt_date > dates.forecast_date
        and int_cash_receipts.receipt_date <= dates.forecast_date + 91
    cross join (select unnest([4, 13]) as horizon_weeks) as weeks
    where int_cash_receipts.receipt_date <= dates.forecast_date + 7 * weeks.horizon_weeks
    group by all
),

receipt_scopes as (
    select
        entity_id as scope_id,
        side,
        forecast_no,
        horizon_weeks,
        sum(actual_amount) as actual_amount,
        sum(later_amount) as later_amount,
    from receipts
    group by entity_id, side, forecast_no, horizon_weeks
    union all
    select
        'group' as scope_id,
        side,
        forecast_no,
        horizon_weeks,
        sum(actual_amount) as actual_amount,
        sum(later_amount) as later_amount,
    from receipts
    where is_group
    group by side, forecast_no, horizon_weeks
),

compared as (
    select
        scoped.scope_id,
        scoped.side,
        scoped.forecast_no,
        dates.forecast_date,
        scoped.horizon_weeks,
        dates.forecast_date + cast(7 * scoped.horizon_weeks as integer) as horizon_date,
        cast(scoped.open_amount as decimal(18, 2)) as open_amount,
        cast(scoped.low_amount as decimal(18, 2)) as low_amount,
        cast(scoped.mid_amount as decimal(18, 2)) as mid_amount,
        cast(scoped.high_amount as decimal(18, 2)) as high_amount,
        cast(scoped.naive_amount as decimal(18, 2)) as naive_amount,
        case when dates.forecast_date + 7 * scoped.horizon_weeks <= params.as_of
            then cast(coalesce(receipt_scopes.actual_amount, 0) as decimal(18, 2))
        end as actual_amount,
        case when dates.forecast_date + 7 * scoped.horizon_weeks <= params.as_of
            then cast(coalesce(receipt_scopes.later_amount, 0) as decimal(18, 2))
        end as later_amount,
    from scoped
    cross join params
    inner join dates on dates.forecast_no = scoped.forecast_no
    left join receipt_scopes
        on receipt_scopes.scope_id = scoped.scope_id
        and receipt_scopes.side = scoped.side
        and receipt_scopes.forecast_no = scoped.forecast_no
        and receipt_scopes.horizon_weeks = scoped.horizon_weeks
),

final as (
    select
        *,
        cast(mid_amount - actual_amount as decimal(18, 2)) as error_amount,
        cast((mid_amount - actual_amount) / nullif(actual_amount, 0) as decimal(18, 6))
            as error_ratio,
        cast(naive_amount - actual_amount as decimal(18, 2)) as naive_error_amount,
        cast((naive_amount - actual_amount) / nullif(actual_amount, 0) as decimal(18, 6))
            as naive_error_ratio,
        actual_amount between low_amount and high_amount as is_within,
    from compared
)

select * from final
