-- grain: one row per side, month and number of days that has come for every invoice of it
-- key: side, month_end_date, after_days
-- sort: side, month_end_date, after_days
-- question: What part of a month's invoices of the group is still unpaid after 30, 60, 90 days?
-- materialized: view
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   month_end_date: last day of the month in which the invoices were entered
--   after_days: days since each invoice was entered: 0, 30, 60, 90, 120, 180 or 360
--   invoiced_amount: invoices of the month, tax included, currency of the group
--   credit_note_amount: credit notes of the month, negative, currency of the group
--   sales_amount: invoices less credit notes of the month, currency of the group
--   unpaid_amount: what was open of the invoices that many days after, currency of the group
--   unpaid_ratio: unpaid_amount / invoiced_amount, 0 to 1; null where nothing was invoiced
-- decisions: 13, 17, 34
with

cohorts as (
    select int_billing_cohorts.*
    from int_billing_cohorts
    inner join project_entities on project_entities.entity_id = int_billing_cohorts.entity_id
    cross join params
    where
        int_billing_cohorts.month_end_date + int_billing_cohorts.after_days <= params.as_of
        and not int_billing_cohorts.is_intercompany
        and project_entities.currency = params.currency
),

sums as (
    select
        side,
        month_end_date,
        after_days,
        sum(invoiced_amount) as invoiced_amount,
        sum(credit_note_amount) as credit_note_amount,
        sum(unpaid_amount) as unpaid_amount,
    from cohorts
    group by side, month_end_date, after_days
),

final as (
    select
        'group' as entity_id,
        side,
        month_end_date,
        after_days,
        cast(invoiced_amount as decimal(18, 2)) as invoiced_amount,
        cast(credit_note_amount as decimal(18, 2)) as credit_note_amount,
        cast(invoiced_amount + credit_note_amount as decimal(18, 2)) as sales_amount,
        cast(unpaid_amount as decimal(18, 2)) as unpaid_amount,
        cast(unpaid_amount / nullif(invoiced_amount, 0) as decimal(9, 6)) as unpaid_ratio,
    from sums
)

select * from final
