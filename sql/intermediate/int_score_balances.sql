-- grain: one row per date of scoring and counterparty with an open item
-- key: month_no, counterparty_no
-- question: What did a counterparty owe at a date, and how much of it was overdue?
-- materialized: view
-- columns:
--   month_no: date of scoring, see int_score_months
--   counterparty_no: rank of the counterparty
--   gross_amount: open items in the direction of the side
--   overdue_amount: part that is past due
--   credit_amount: open credits, negative
--   oldest_overdue_days: days overdue of the oldest overdue item; 0 where nothing is overdue, null
--     where nothing is open but credits
-- decisions: 14, 53
with

months as (
    select * from int_score_months
),

balances as (
    select * from int_month_balances
),

accounts as (
    select
        account_key,
        counterparty_no,
    from int_accounts
),

buckets as (
    select * from ref_ageing_buckets
),

summed as (
    select
        balances.month_no,
        accounts.counterparty_no,
        sum(balances.debit_amount) as gross_amount,
        sum(balances.debit_amount) filter (where buckets.is_overdue) as overdue_amount,
        sum(balances.credit_amount) as credit_amount,
        min(balances.oldest_due_date) filter (where buckets.is_overdue) as oldest_due_date,
    from balances
    inner join accounts on accounts.account_key = balances.account_key
    inner join buckets on buckets.bucket_order = balances.bucket_order
    group by balances.month_no, accounts.counterparty_no
),

final as (
    select
        summed.month_no,
        summed.counterparty_no,
        cast(summed.gross_amount as decimal(18, 2)) as gross_amount,
        cast(coalesce(summed.overdue_amount, 0) as decimal(18, 2)) as overdue_amount,
        cast(summed.credit_amount as decimal(18, 2)) as credit_amount,
        cast(
            case when summed.gross_amount > 0
                then coalesce(months.score_date - summed.oldest_due_date, 0) end as integer
        ) as oldest_overdue_days,
    from summed
    inner join months on months.month_no = summed.month_no
)

select * from final
