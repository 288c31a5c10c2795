-- grain: one row per counterparty
-- key: counterparty_no
-- question: Since when is a counterparty there?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   first_date: accounting date of its first item
--   first_invoice_date: accounting date of its first invoice, null where it has none
-- decisions: 53
with

items as not materialized (
    select * from int_items
),

accounts as (
    select * from int_accounts
),

firsts as (
    select
        account_key,
        min(movement_date) as first_date,
        min(movement_date) filter (where is_sale and amount > 0) as first_invoice_date,
    from items
    group by account_key
),

final as (
    select
        accounts.counterparty_no,
        min(firsts.first_date) as first_date,
        min(firsts.first_invoice_date) as first_invoice_date,
    from firsts
    inner join accounts on accounts.account_key = firsts.account_key
    group by accounts.counterparty_no
)

select * from final
