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
--   disputed_amount: open debits that are disputed, currency of the group
--   factored_amount: part of dso_receivable_amount that is sold to a factor or discounted, by
--     encours.yaml, currency of the group
--   unfactored_receivable_amount: dso_receivable_amount less factored_amount, currency of the
--     group
--   lettering_coverage_ratio: credits of twelve months that are allocated / these credits; first
--     in first out does not count, 0 to 1
--   overdue_ratio: overdue_amount / open debits, 0 to 1
--   dso_simple_days: dso_receivable_amount / sales of the 365 days before x those days, days
--   dso_countback_days: days of the newest sales that the receivable holds, days
--   is_countback_floor: the sales loaded do not exhaust the receivable: the days are a floor
--   unfactored_dso_simple_days: the simple DSO of unfactored_receivable_amount, same sales, days
--   unfactored_dso_countback_days: the count-back DSO of unfactored_receivable_amount, same
--     sales, days
--   best_possible_dso_days: the simple DSO of the open debits that are not overdue, from 0 to
--     dso_simple_days, days
--   average_days_delinquent: dso_simple_days less best_possible_dso_days, days
--   days_to_pay: from the date of the document to the cash of the month, weighted by amount,
--     days
--   days_late: past due, of the cash of the month, 0 where in time, weighted by amount, days
--   cei_ratio: collection effectiveness of the month: (receivable before + sales - receivable) /
--     (receivable before + sales - what is not overdue), 1 is best
--   dispute_ratio: disputed_amount / open debits, 0 to 1
--   turnover_ratio: sales of the year / mean of its month ends of dso_receivable_amount, times a
--     year
--   turnover_days: 365 / turnover_ratio, days
--   top10_ratio: share of the ten largest customers in the positive balances, 0 to 1
--   herfindahl_index: sum of the squares of the shares x 10,000
--   effective_counterparty_count: 10,000 / herfindahl_index: equal customers that would be as
--     concentrated
--   counterparty_count: customers with an open balance
-- decisions: 13, 15, 17, 18, 30, 32
with

kpis as (
    select * from int_kpis_monthly
    where side = 'customer' and scope_id = 'group'
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
        disputed_amount,
        factored_amount,
        unfactored_receivable_amount,
        lettering_coverage_ratio,
        overdue_ratio,
        dso_simple_days,
        dso_countback_days,
        is_countback_floor,
        unfactored_dso_simple_days,
        unfactored_dso_countback_days,
        best_possible_dso_days,
        average_days_delinquent,
        days_to_pay,
        days_late,
        cei_ratio,
        dispute_ratio,
        turnover_ratio,
        turnover_days,
        top10_ratio,
        herfindahl_index,
        effective_counterparty_count,
        counterparty_count,
    from kpis
)

select * from final
