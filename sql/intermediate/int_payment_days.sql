-- grain: one row per counterparty, day of payment and delay
-- key: counterparty_no, payment_date, delay_days
-- question: What did a counterparty pay each day, how late, and which documents did that close?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   payment_date: day on which cash settled documents, or on which documents with cash were closed
--   delay_days: days after the due date, negative before; documents without a due date are left out
--   paid_amount: cash set against documents, positive
--   closed_count: documents that were settled in full that day, by cash at least in part
-- decisions: 53
with

settlements as not materialized (
    select * from int_cash_settlements
    where delay_days is not null
),

accounts as (
    select
        account_key,
        counterparty_no,
    from int_accounts
),

-- a returned payment is paid for a second time: the document counts once
documents as not materialized (
    select
        item_key,
        closed_on,
        due_date,
    from int_items
    where settled_amount = amount and item_type in ('invoice', 'bill', 'opening')
),

paid as (
    select
        account_key,
        allocation_date as payment_date,
        delay_days,
        sum(amount) as paid_amount,
        0 as closed_count,
    from settlements
    group by account_key, allocation_date, delay_days
),

closed as (
    select
        settled.account_key,
        documents.closed_on as payment_date,
        documents.closed_on - documents.due_date as delay_days,
        0 as paid_amount,
        count(*) as closed_count,
    from (
        select distinct
            debit_key,
            account_key,
        from settlements
    ) as settled
    inner join documents on documents.item_key = settled.debit_key
    group by all
),

days as (
    select * from paid
    union all
    select * from closed
),

final as (
    select
        accounts.counterparty_no,
        days.payment_date,
        cast(days.delay_days as integer) as delay_days,
        cast(sum(days.paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(days.closed_count) as integer) as closed_count,
    from days
    inner join accounts on accounts.account_key = days.account_key
    group by all
)

select * from final
