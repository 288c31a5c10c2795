-- grain: one row per customer and month end of the history with sales of a year or a balance
-- key: counterparty_no, month_no
-- question: What did each customer buy in the year up to a month end, and owe at it?
-- materialized: table
-- columns:
--   counterparty_no: customer, see int_accounts
--   month_no: month, see int_months
--   year_sales_amount: sales of the 365 days up to the date, tax included
--   dso_receivable_amount: open debits less open credits, without 416
--   dso_overdue_amount: open debits past due, without 416
--   dso_current_amount: open debits that are not past due, without 416
-- decisions: 13, 15, 18, 50
with

months as (
    select * from int_months
    where is_shown
),

accounts as (
    select
        int_accounts.account_key,
        int_accounts.counterparty_no,
        control_accounts.in_dso,
    from int_accounts
    inner join (
        select
            account_family,
            bool_or(in_dso) as in_dso,
        from ref_control_accounts
        group by account_family
    ) as control_accounts on control_accounts.account_family = int_accounts.account_family
    where int_accounts.is_aged and int_accounts.side = 'customer'
),

buckets as (
    select * from ref_ageing_buckets
),

sales as (
    select
        accounts.counterparty_no,
        items.movement_date as sales_date,
        sum(items.amount) as sales_amount,
    from int_items as items
    inner join accounts on accounts.account_key = items.account_key
    where items.is_sale and items.is_aged
    group by all
),

-- the month ends of which a day is in the year
sale_months as (
    select
        days.sales_date,
        min(months.month_no) as newest_no,
        max(months.month_no) as oldest_no,
    from (select distinct sales_date from sales) as days
    inner join months
        on months.month_end_date >= days.sales_date
        and months.month_end_date < days.sales_date + 365
    group by days.sales_date
),

sale_spans as (
    select
        sales.counterparty_no,
        sale_months.newest_no,
        sale_months.oldest_no,
        sum(sales.sales_amount) as sales_amount,
    from sales
    inner join sale_months on sale_months.sales_date = sales.sales_date
    group by all
),

-- fans out on purpose: a sale counts at each month end of the year after it
amounts as (
    select
        counterparty_no,
        unnest(range(newest_no, oldest_no + 1)) as month_no,
        sales_amount as year_sales_amount,
        0 as dso_receivable_amount,
        0 as dso_overdue_amount,
        0 as dso_current_amount,
    from sale_spans
    union all
    select
        accounts.counterparty_no,
        month_balances.month_no,
        0,
        month_balances.open_amount,
        case when buckets.is_overdue then month_balances.debit_amount else 0 end,
        case when buckets.is_overdue then 0 else month_balances.debit_amount end,
    from int_month_balances as month_balances
    inner join accounts on accounts.account_key = month_balances.account_key
    inner join buckets on buckets.bucket_order = month_balances.bucket_order
    where accounts.in_dso
),

final as (
    select
        counterparty_no,
        cast(month_no as integer) as month_no,
        cast(sum(year_sales_amount) as decimal(18, 2)) as year_sales_amount,
        cast(sum(dso_receivable_amount) as decimal(18, 2)) as dso_receivable_amount,
        cast(sum(dso_overdue_amount) as decimal(18, 2)) as dso_overdue_amount,
        cast(sum(dso_current_amount) as decimal(18, 2)) as dso_current_amount,
    from amounts
    group by counterparty_no, month_no
)

select * from final
