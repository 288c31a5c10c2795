-- grain: one row per entity, side and counterparty that has an item at the as-of date
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: How does each customer pay, and how has that changed?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   counterparty_name: name of the customer or supplier
--   is_intercompany: belongs to the group, by encours.yaml
--   first_invoice_date: accounting date of its first invoice by then, null: none
--   history_months: whole months since that invoice
--   opened_date: day the account was opened; null where no file of counterparties tells it
--   tenure_months: whole months since the account was opened; null where no file tells it
--   paid_3m_count: documents settled in full in three months, by cash at least in part
--   paid_3m_amount: cash set against documents in three months, currency of the entity
--   late_3m_days: days late of that cash, 0 where in time, weighted by amount, days
--   max_late_3m_days: latest payment of three months, days
--   paid_late_3m_ratio: share of that cash that came late, 0 to 1
--   paid_late_30_3m_ratio: share of that cash that came more than 30 days late, 0 to 1
--   invoices_late_30_3m_ratio: share of the paid documents that were more than 30 days late, 0 to 1
--   invoices_late_60_3m_ratio: share of the paid documents that were more than 60 days late, 0 to 1
--   paid_6m_count: documents settled in full in six months, by cash at least in part
--   paid_6m_amount: cash set against documents in six months, currency of the entity
--   late_6m_days: days late of that cash, 0 where in time, weighted by amount, days
--   max_late_6m_days: latest payment of six months, days
--   paid_late_6m_ratio: share of that cash that came late, 0 to 1
--   paid_late_30_6m_ratio: share of that cash that came more than 30 days late, 0 to 1
--   invoices_late_30_6m_ratio: share of the paid documents that were more than 30 days late, 0 to 1
--   invoices_late_60_6m_ratio: share of the paid documents that were more than 60 days late, 0 to 1
--   paid_12m_count: documents settled in full in twelve months, by cash at least in part
--   paid_12m_amount: cash set against documents in twelve months, currency of the entity
--   late_12m_days: days late of that cash, 0 where in time, weighted by amount, days
--   max_late_12m_days: latest payment of twelve months, days
--   paid_late_12m_ratio: share of that cash that came late, 0 to 1
--   paid_late_30_12m_ratio: share of that cash that came more than 30 days late, 0 to 1
--   invoices_late_30_12m_ratio: share of the paid documents that were more than 30 days late, 0
--     to 1
--   invoices_late_60_12m_ratio: share of the paid documents that were more than 60 days late, 0
--     to 1
--   paid_24m_count: documents settled in full in twenty-four months, by cash at least in part
--   paid_24m_amount: cash set against documents in twenty-four months, currency of the entity
--   late_24m_days: days late of that cash, 0 where in time, weighted by amount, days
--   max_late_24m_days: latest payment of twenty-four months, days
--   paid_late_24m_ratio: share of that cash that came late, 0 to 1
--   paid_late_30_24m_ratio: share of that cash that came more than 30 days late, 0 to 1
--   invoices_late_30_24m_ratio: share of the paid documents that were more than 30 days late, 0
--     to 1
--   invoices_late_60_24m_ratio: share of the paid documents that were more than 60 days late, 0
--     to 1
--   trend_days: days late of three months less those of twelve, days; above 0 it gets worse; null
--     without a payment in three months
--   volatility_12m_days: spread (standard deviation) of the days late of twelve months, weighted by
--     amount, days
--   open_amount: open items less open credits, currency of the entity
--   gross_amount: open items in the direction of the side, currency of the entity
--   overdue_amount: part of it that is past due, currency of the entity
--   overdue_ratio: overdue_amount / gross_amount, 0 to 1; null where nothing is open
--   oldest_overdue_days: days overdue of the oldest overdue item; 0 where nothing is overdue, null
--     where nothing is open
--   overdue_12m_count: month ends with something overdue among the last twelve, the as-of date for
--     the month that holds it; null where nothing was open at any of them
--   unapplied_ratio: open credits / (open items + open credits), 0 to 1; null where nothing is open
--   utilisation_ratio: exposure / credit limit, customers only; null without a limit above zero
--   due_promise_12m_count: promises of which the deadline passed in twelve months, null: none
--   broken_promise_12m_count: of these broken; null where none was due
--   reject_12m_count: payments that came back in twelve months; null without any payment
--   incident_count: broken promises and returned payments of twelve months; null where there was no
--     payment and no promise to judge
--   dispute_12m_count: disputes opened in twelve months; null where no extract tells of the entity
--   open_dispute_count: disputes that are open; null where no extract tells of the entity
--   sales_3m_amount: invoices less credit notes of three months, tax included, for suppliers
--     purchases, currency of the entity; null: none
--   sales_12m_amount: the same of twelve months
--   sales_trend_ratio: sales of three months x 4 / sales of twelve, 1 is steady; null where the
--     first
--     invoice is younger than twelve months
-- decisions: 44, 53
with

settings as (
    select * from params
),

months as (
    select * from int_score_months
    where month_no = 0
),

keys as (
    select * from int_counterparty_keys
),

factors as (
    select * from int_score_factors
    where month_no = 0
),

firsts as (
    select * from int_first_movements
),

counterparties as (
    select * from dim_counterparties
),

known as (
    select * from stg_erp__counterparties
),

windows as (
    select * from int_payment_windows
    where month_no = 0
),

balances as (
    select * from int_score_balances
    where month_no = 0
),

overdue_months as (
    select
        counterparty_no,
        cast(count(*) filter (where overdue_amount > 0) as integer) as overdue_count,
    from int_score_balances
    where month_no < 12 and gross_amount > 0
    group by counterparty_no
),

exposures as (
    select * from mart_exposure
),

incidents as (
    select * from int_payment_incidents
    where month_no = 0
),

disputed_entities as (
    select distinct entity_no from int_disputes
),

disputes as (
    select
        keys.counterparty_no,
        count(*) filter (where disputes.opened_date > months.after_12m) as dispute_count,
        count(*) filter (where disputes.is_open) as open_count,
    from int_disputes as disputes
    cross join months
    inner join keys
        on keys.entity_no = disputes.entity_no
        and keys.side = 'customer'
        and upper(trim(keys.counterparty_id)) = upper(trim(disputes.counterparty_id))
    group by keys.counterparty_no
),

sales as (
    select
        counterparty_no,
        sum(sales_amount) filter (where band_no < 3) as sales_3m,
        sum(sales_amount) as sales_12m,
    from int_counterparty_sales
    where band_no < 12
    group by counterparty_no
),

final as (
    select
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        counterparties.counterparty_name,
        counterparties.is_intercompany,
        case when firsts.first_invoice_date <= settings.as_of then firsts.first_invoice_date end
            as first_invoice_date,
        cast(case when firsts.first_invoice_date <= settings.as_of
            then date_sub('month', firsts.first_invoice_date, settings.as_of) end as integer)
            as history_months,
        known.opened_on as opened_date,
        factors.tenure_months,
        cast(nullif(windows.paid_count_3m, 0) as integer) as paid_3m_count,
        cast(nullif(windows.paid_amount_3m, 0) as decimal(18, 2)) as paid_3m_amount,
        cast(windows.late_day_amount_3m / nullif(windows.paid_amount_3m, 0) as decimal(9, 2))
            as late_3m_days,
        windows.max_late_days_3m as max_late_3m_days,
        cast(windows.late_amount_3m / nullif(windows.paid_amount_3m, 0) as decimal(9, 4))
            as paid_late_3m_ratio,
        cast(windows.late_30_amount_3m / nullif(windows.paid_amount_3m, 0) as decimal(9, 4))
            as paid_late_30_3m_ratio,
        cast(windows.late_30_count_3m / nullif(windows.paid_count_3m, 0) as decimal(9, 4))
            as invoices_late_30_3m_ratio,
        cast(windows.late_60_count_3m / nullif(windows.paid_count_3m, 0) as decimal(9, 4))
            as invoices_late_60_3m_ratio,
        cast(nullif(windows.paid_count_6m, 0) as integer) as paid_6m_count,
        cast(nullif(windows.paid_amount_6m, 0) as decimal(18, 2)) as paid_6m_amount,
        cast(windows.late_day_amount_6m / nullif(windows.paid_amount_6m, 0) as decimal(9, 2))
            as late_6m_days,
        windows.max_late_days_6m as max_late_6m_days,
        cast(windows.late_amount_6m / nullif(windows.paid_amount_6m, 0) as decimal(9, 4))
            as paid_late_6m_ratio,
        cast(windows.late_30_amount_6m / nullif(windows.paid_amount_6m, 0) as decimal(9, 4))
            as paid_late_30_6m_ratio,
        cast(windows.late_30_count_6m / nullif(windows.paid_count_6m, 0) as decimal(9, 4))
            as invoices_late_30_6m_ratio,
        cast(windows.late_60_count_6m / nullif(windows.paid_count_6m, 0) as decimal(9, 4))
            as invoices_late_60_6m_ratio,
        cast(nullif(windows.paid_count_12m, 0) as integer) as paid_12m_count,
        cast(nullif(windows.paid_amount_12m, 0) as decimal(18, 2)) as paid_12m_amount,
        factors.late_12m_days,
        windows.max_late_days_12m as max_late_12m_days,
        cast(windows.late_amount_12m / nullif(windows.paid_amount_12m, 0) as decimal(9, 4))
            as paid_late_12m_ratio,
        factors.paid_late_30_12m_ratio,
        cast(windows.late_30_count_12m / nullif(windows.paid_count_12m, 0) as decimal(9, 4))
            as invoices_late_30_12m_ratio,
        cast(windows.late_60_count_12m / nullif(windows.paid_count_12m, 0) as decimal(9, 4))
            as invoices_late_60_12m_ratio,
        cast(nullif(windows.paid_count_24m, 0) as integer) as paid_24m_count,
        cast(nullif(windows.paid_amount_24m, 0) as decimal(18, 2)) as paid_24m_amount,
        cast(windows.late_day_amount_24m / nullif(windows.paid_amount_24m, 0) as decimal(9, 2))
            as late_24m_days,
        windows.max_late_days_24m as max_late_24m_days,
        cast(windows.late_amount_24m / nullif(windows.paid_amount_24m, 0) as decimal(9, 4))
            as paid_late_24m_ratio,
        cast(windows.late_30_amount_24m / nullif(windows.paid_amount_24m, 0) as decimal(9, 4))
            as paid_late_30_24m_ratio,
        cast(windows.late_30_count_24m / nullif(windows.paid_count_24m, 0) as decimal(9, 4))
            as invoices_late_30_24m_ratio,
        cast(windows.late_60_count_24m / nullif(windows.paid_count_24m, 0) as decimal(9, 4))
            as invoices_late_60_24m_ratio,
        factors.trend_days,
        cast(sqrt(greatest(0, (
            windows.late_square_amount_12m * windows.paid_amount_12m
            - cast(windows.late_day_amount_12m as hugeint) * windows.late_day_amount_12m
        ) / nullif(cast(windows.paid_amount_12m as hugeint) * windows.paid_amount_12m, 0)))
            as decimal(9, 2)) as volatility_12m_days,
        cast(coalesce(balances.gross_amount + balances.credit_amount, 0) as decimal(18, 2))
            as open_amount,
        cast(coalesce(balances.gross_amount, 0) as decimal(18, 2)) as gross_amount,
        cast(coalesce(balances.overdue_amount, 0) as decimal(18, 2)) as overdue_amount,
        factors.overdue_ratio,
        factors.oldest_overdue_days,
        overdue_months.overdue_count as overdue_12m_count,
        cast(
            -balances.credit_amount / nullif(balances.gross_amount - balances.credit_amount, 0)
            as decimal(9, 4)
        ) as unapplied_ratio,
        exposures.utilisation_ratio,
        nullif(incidents.due_promise_count, 0) as due_promise_12m_count,
        case when incidents.due_promise_count > 0 then incidents.broken_count end
            as broken_promise_12m_count,
        case
            when incidents.reject_count > 0 then incidents.reject_count
            when windows.paid_amount_12m > 0 then 0
        end as reject_12m_count,
        factors.incident_count,
        cast(case
            when keys.side = 'customer' and disputed_entities.entity_no is not null
                then coalesce(disputes.dispute_count, 0)
        end as integer) as dispute_12m_count,
        cast(case
            when keys.side = 'customer' and disputed_entities.entity_no is not null
                then coalesce(disputes.open_count, 0)
        end as integer) as open_dispute_count,
        cast(sales.sales_3m as decimal(18, 2)) as sales_3m_amount,
        cast(sales.sales_12m as decimal(18, 2)) as sales_12m_amount,
        cast(case when firsts.first_invoice_date <= months.after_12m and sales.sales_12m > 0
            then coalesce(sales.sales_3m, 0) * 4 / sales.sales_12m end as decimal(12, 4))
            as sales_trend_ratio,
    from factors
    cross join settings
    cross join months
    inner join keys on keys.counterparty_no = factors.counterparty_no
    inner join firsts on firsts.counterparty_no = factors.counterparty_no
    inner join counterparties
        on counterparties.entity_id = keys.entity_id
        and counterparties.side = keys.side
        and counterparties.counterparty_id = keys.counterparty_id
    left join known
        on known.entity_no = keys.entity_no
        and known.side = keys.side
        and known.counterparty_id = keys.counterparty_id
    left join windows on windows.counterparty_no = factors.counterparty_no
    left join balances on balances.counterparty_no = factors.counterparty_no
    left join overdue_months on overdue_months.counterparty_no = factors.counterparty_no
    left join exposures
        on exposures.entity_id = keys.entity_id
        and exposures.side = keys.side
        and exposures.counterparty_id = keys.counterparty_id
    left join incidents on incidents.counterparty_no = factors.counterparty_no
    left join disputed_entities on disputed_entities.entity_no = keys.entity_no
    left join disputes on disputes.counterparty_no = factors.counterparty_no
    left join sales on sales.counterparty_no = factors.counterparty_no
)

select * from final
