-- grain: one row per month end
-- key: month_end_date
-- sort: month_end_date
-- question: The same for the group, without what its entities owe one another?
-- materialized: table
-- columns:
--   entity_id: always group
--   month_end_date: end of the month; the as-of date for the month that holds it
--   purchases_amount: purchases of the month, tax included: invoices less credit notes on the
--     control accounts, currency of the group
--   payable_amount: open invoices less open debits on 401, 403, 404, 405, currency of the group
--   overdue_amount: open invoices past due, gross, currency of the group
--   unallocated_credit_amount: open payments, credit notes and deposits, negative, currency of
--     the group
--   lettering_coverage_ratio: payments and credit notes of twelve months that are allocated /
--     all of them; first in first out does not count, 0 to 1
--   overdue_ratio: overdue_amount / open invoices, 0 to 1
--   dpo_simple_days: payable_amount / purchases of the 365 days before x those days, days
--   dpo_countback_days: days of the newest purchases that the payable holds, days
--   is_countback_floor: the purchases loaded do not exhaust the payable: the days are a floor
--   best_possible_dpo_days: the simple DPO of what is not overdue, from 0 to dpo_simple_days,
--     days
--   average_days_delinquent: dpo_simple_days less best_possible_dpo_days, days
--   days_to_pay: from the date of the document to the cash of the month, weighted by amount,
--     days
--   days_late: past due, of the cash of the month, 0 where in time, weighted by amount, days
--   turnover_ratio: purchases of the year / mean of its month ends of payable_amount, times a
--     year
--   turnover_days: 365 / turnover_ratio, days
--   top10_ratio: share of the ten largest suppliers in the positive balances, 0 to 1
--   herfindahl_index: sum of the squares of the shares x 10,000
--   effective_counterparty_count: 10,000 / herfindahl_index: equal suppliers that would be as
--     concentrated
--   counterparty_count: suppliers with an open balance
-- decisions: 13, 15, 17, 18, 30
with

kpis as (
    select * from int_kpis_monthly
    where side = 'supplier' and scope_id = 'group'
),

final as (
    select
        scope_id as entity_id,
        month_end_date,
        sales_amount as purchases_amount,
        receivable_amount as payable_amount,
        overdue_amount,
        unallocated_credit_amount,
        lettering_coverage_ratio,
        overdue_ratio,
        dso_simple_days as dpo_simple_days,
        dso_countback_days as dpo_countback_days,
        is_countback_floor,
        best_possible_dso_days as best_possible_dpo_days,
        average_days_delinquent,
        days_to_pay,
        days_late,
        turnover_ratio,
        turnover_days,
        top10_ratio,
        herfindahl_index,
        effective_counterparty_count,
        counterparty_count,
    from kpis
)

select * from final
