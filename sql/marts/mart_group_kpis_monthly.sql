-- grain: one row per month end
-- key: month_end_date
-- sort: month_end_date
-- question: The same for the group, without what its entities owe one another?
-- materialized: table
-- columns:
--   entity_id: always group
--   month_end_date: end of the month; the as-of date for the month that holds it
--   sales_amount: sales of the month, tax included: invoices less credit notes on the control
--     accounts, currency of the group
--   sales_excl_tax_amount: sales of the month, tax excluded: class 70, currency of the group
--   receivable_amount: open debits less open credits on 411, 413, 416, currency of the group
--   dso_receivable_amount: the same without 416, currency of the group
--   overdue_amount: open debits past due, gross, currency of the group
--   unallocated_credit_amount: open credits, negative, currency of the group
--   doubtful_amount: open on 416, currency of the group
--   overdue_ratio: overdue_amount / open debits, 0 to 1
--   dso_simple_days: dso_receivable_amount / sales of the 365 days before x those days, days
--   dso_countback_days: days of the newest sales that the receivable holds, days
--   is_countback_floor: the sales loaded do not exhaust the receivable: the days are a floor
--   best_possible_dso_days: the simple DSO of the open debits that are not overdue, from 0 to
--     dso_simple_days, days
--   average_days_delinquent: dso_simple_days less best_possible_dso_days, days
--   top10_ratio: share of the ten largest customers in the positive balances, 0 to 1
--   herfindahl_index: sum of the squares of the shares x 10,000
--   counterparty_count: customers with an open balance
-- decisions: 13, 15, 17, 18
with

kpis as (
    select * from int_kpis_monthly
    where scope_id = 'group'
),

final as (
    select
        scope_id as entity_id,
        month_end_date,
        sales_amount,
        sales_excl_tax_amount,
        receivable_amount,
        dso_receivable_amount,
        overdue_amount,
        unallocated_credit_amount,
        doubtful_amount,
        cast(overdue_amount / nullif(gross_amount, 0) as decimal(9, 6)) as overdue_ratio,
        cast(
            dso_receivable_amount * year_day_count / nullif(greatest(year_sales_amount, 0), 0)
            as decimal(12, 2)
        ) as dso_simple_days,
        cast(countback_days as decimal(12, 2)) as dso_countback_days,
        is_countback_floor,
        cast(
            dso_current_amount * year_day_count / nullif(greatest(year_sales_amount, 0), 0)
            as decimal(12, 2)
        ) as best_possible_dso_days,
        cast(
            (dso_receivable_amount - dso_current_amount) * year_day_count
            / nullif(greatest(year_sales_amount, 0), 0) as decimal(12, 2)
        ) as average_days_delinquent,
        cast(top10_amount / nullif(positive_amount, 0) as decimal(9, 6)) as top10_ratio,
        cast(
            10000 * square_amount
            / nullif(cast(positive_amount as double) * cast(positive_amount as double), 0)
            as decimal(9, 2)
        ) as herfindahl_index,
        counterparty_count,
    from kpis
)

select * from final
