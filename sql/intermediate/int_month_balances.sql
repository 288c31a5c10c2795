-- grain: one row per month end, third-party account, ageing bucket and step of 30 days
-- key: month_no, account_key, bucket_order, roll_no
-- question: What was open at each month end, and how old was it?
-- materialized: table
-- columns:
--   month_no: month, see int_months
--   month_end_date: date of the balance
--   account_key: third-party account
--   bucket_order: order of the ageing bucket
--   roll_no: step of 30 days overdue in months of 30 days, whatever the buckets are: the month ends
--     since the due date; 0 not due, 1 for 1 to 30 days, 2 for 31 to 60, and so on; 7 for 181 to
--     210, 8 for more, 9 for no known age
--   open_amount: debits less credits, positive in the normal direction of the side
--   debit_amount: open items in the normal direction of the side
--   credit_amount: open credits, negative
--   item_count: open items
--   oldest_due_date: earliest due date of the open items in the normal direction of the side
-- decisions: 12, 14, 15, 34
with

balances as (
    select
        *,
        -- an item due on the last day of a month is late from the month after
        datediff('month', date '1970-01-01', due_date + 1) - 1 as due_month_no,
    from int_item_balances
    where is_aged
),

months as (
    select
        *,
        datediff('month', date '1970-01-01', month_end_date) as calendar_month_no,
    from int_months
    where is_shown
),

bucket_days as (
    select * from int_bucket_days
),

bounds as (
    select
        (select max(last_days) from bucket_days) as last_days,
        (
            select max(bucket_order)
            from ref_ageing_buckets
            where from_days is null and to_days is null
        ) as unknown_order,
),

-- fans out on purpose: an item stands at each month end of its period
at_months as (
    select
        months.month_no,
        balances.account_key,
        case
            when balances.is_age_unknown then null
            when balances.due_date is null then -1
            else greatest(-1, least(months.month_end_date - balances.due_date, bounds.last_days))
        end as overdue_days,
        case
            when balances.is_age_unknown then 9
            when balances.due_date is null then 0
            else greatest(0, least(8, months.calendar_month_no - balances.due_month_no))
        end as roll_no,
        balances.balance_amount,
        case when balances.balance_amount > 0 then balances.due_date end as due_date,
    from balances
    cross join bounds
    inner join months
        on balances.valid_from <= months.month_end_date
        and coalesce(balances.valid_to, date '9999-12-31') > months.month_end_date
),

summed as (
    select
        at_months.month_no,
        at_months.account_key,
        coalesce(bucket_days.bucket_order, bounds.unknown_order) as bucket_order,
        at_months.roll_no,
        sum(at_months.balance_amount) as open_amount,
        sum(greatest(at_months.balance_amount, 0)) as debit_amount,
        count(*) as item_count,
        min(at_months.due_date) as oldest_due_date,
    from at_months
    cross join bounds
    left join bucket_days on bucket_days.overdue_days = at_months.overdue_days
    group by all
),

final as (
    select
        summed.month_no,
        months.month_end_date,
        summed.account_key,
        summed.bucket_order,
        cast(summed.roll_no as tinyint) as roll_no,
        cast(summed.open_amount as decimal(18, 2)) as open_amount,
        cast(summed.debit_amount as decimal(18, 2)) as debit_amount,
        cast(summed.open_amount - summed.debit_amount as decimal(18, 2)) as credit_amount,
        summed.item_count,
        summed.oldest_due_date,
    from summed
    inner join months on months.month_no = summed.month_no
)

select * from final
