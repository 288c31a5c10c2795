-- grain: one row per invoice that was settled by cash in part and by a deduction for the rest
-- key: item_key
-- question: Which invoices were paid short, by how much, and what closed the rest?
-- materialized: table
-- columns:
--   item_key: the invoice
--   account_key: third-party account
--   closed_on: date on which nothing was left of it
--   invoice_amount: amount of the invoice, including tax
--   cash_amount: settled by cash
--   credit_note_amount: settled by credit notes (rebates of 709 among them)
--   discount_amount: settled by cash discounts (665)
--   write_off_amount: settled by write-offs (654)
-- decisions: 45
with

allocations as not materialized (
    select * from int_allocations
),

items as not materialized (
    select * from int_items
),

deducted as (
    select
        debit_key,
        sum(amount) filter (where settlement_kind = 'credit_note') as credit_note_amount,
        sum(amount) filter (where settlement_kind = 'discount') as discount_amount,
        sum(amount) filter (where settlement_kind = 'write_off') as write_off_amount,
    from allocations
    where settlement_kind in ('credit_note', 'discount', 'write_off')
    group by debit_key
),

invoices as (
    select
        items.item_key,
        items.account_key,
        items.closed_on,
        items.amount as invoice_amount,
        deducted.credit_note_amount,
        deducted.discount_amount,
        deducted.write_off_amount,
    from deducted
    inner join items on items.item_key = deducted.debit_key
    where
        items.item_type = 'invoice'
        and items.is_sale
        and items.is_aged
        and items.settled_amount = items.amount
),

paid as (
    select
        allocations.debit_key,
        sum(allocations.amount) as cash_amount,
    from allocations
    where
        allocations.settlement_kind = 'cash'
        and allocations.debit_key in (select item_key from invoices)
    group by allocations.debit_key
),

final as (
    select
        invoices.item_key,
        invoices.account_key,
        invoices.closed_on,
        invoices.invoice_amount,
        cast(paid.cash_amount as decimal(18, 2)) as cash_amount,
        cast(coalesce(invoices.credit_note_amount, 0) as decimal(18, 2)) as credit_note_amount,
        cast(coalesce(invoices.discount_amount, 0) as decimal(18, 2)) as discount_amount,
        cast(coalesce(invoices.write_off_amount, 0) as decimal(18, 2)) as write_off_amount,
    from invoices
    inner join paid on paid.debit_key = invoices.item_key
)

select * from final
