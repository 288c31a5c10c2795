-- grain: one row per item that continues another
-- key: line_key
-- question: Which item does a transfer or a returned payment take over from?
-- materialized: scratch
-- columns:
--   line_key: the new item
--   origin_key: the item it takes over from
--   root_key: the first item of that line of items
--   origin_method: allocation, reference or amount
-- decisions: 10
with recursive

items as (
    select * from int_item_lines
),

accounts as (
    select * from int_accounts
),

allocations as (
    select * from int_allocations
),

-- a transfer: the credit of the same entry and amount says what was taken over
transfers as (
    select
        new_items.line_key,
        min(old_credits.line_key) as credit_key,
    from items as new_items
    inner join items as old_credits
        on old_credits.entry_key = new_items.entry_key
        and old_credits.side = new_items.side
        and old_credits.amount = -new_items.amount
    where
        new_items.line_type = 'transfer'
        and new_items.amount > 0
        and old_credits.line_type = 'transfer'
    group by new_items.line_key
),

-- a payment that came back: the latest one of that amount before it
returns as (
    select
        new_items.line_key,
        arg_max(payments.line_key, (payments.movement_date, payments.line_key)) as credit_key,
    from items as new_items
    inner join items as payments
        on payments.account_key = new_items.account_key
        and payments.amount = -new_items.amount
        and payments.line_type = 'payment'
        and payments.movement_date <= new_items.movement_date
    where new_items.line_type = 'bank_return'
    group by new_items.line_key
),

credits as (
    select line_key, credit_key from transfers
    union all
    select line_key, credit_key from returns
),

-- the debit that the credit settled most of, as it stood on the day of the new item
by_allocation as (
    select
        credits.line_key,
        arg_max(
            allocations.debit_key, (allocations.amount, -allocations.debit_key)
        ) as origin_key,
        'allocation' as origin_method,
    from credits
    inner join items as new_items on new_items.line_key = credits.line_key
    inner join allocations
        on allocations.credit_key = credits.credit_key
        and allocations.allocation_date <= new_items.movement_date
        and allocations.debit_key <> credits.line_key
    group by credits.line_key
),

unresolved as (
    select
        new_items.line_key,
        new_items.entity_no,
        new_items.side,
        coalesce(old_accounts.counterparty_id, new_accounts.counterparty_id) as counterparty_id,
        new_items.movement_date,
        new_items.document_ref,
        new_items.amount,
    from items as new_items
    inner join accounts as new_accounts on new_accounts.account_key = new_items.account_key
    left join credits on credits.line_key = new_items.line_key
    left join items as old_credits on old_credits.line_key = credits.credit_key
    left join accounts as old_accounts on old_accounts.account_key = old_credits.account_key
    where
        new_items.line_type in ('transfer', 'bank_return')
        and new_items.amount > 0
        and new_items.line_key not in (select line_key from by_allocation)
),

-- invoices of the counterparty up to then; fans out on purpose and is counted
candidates as (
    select
        unresolved.line_key,
        invoices.line_key as origin_key,
        coalesce(invoices.document_ref = unresolved.document_ref, false) as is_same_reference,
        invoices.amount = unresolved.amount as is_same_amount,
    from unresolved
    inner join accounts
        on accounts.entity_no = unresolved.entity_no
        and accounts.side = unresolved.side
        and accounts.counterparty_id = unresolved.counterparty_id
    inner join items as invoices
        on invoices.account_key = accounts.account_key
        and invoices.line_type in ('invoice', 'opening')
        and invoices.amount > 0
        and invoices.movement_date <= unresolved.movement_date
        and (
            invoices.document_ref = unresolved.document_ref
            or invoices.amount = unresolved.amount
        )
),

by_unique as (
    select
        line_key,
        case
            when count(*) filter (where is_same_reference) = 1
                then min(origin_key) filter (where is_same_reference)
            when count(*) filter (where is_same_amount) = 1
                then min(origin_key) filter (where is_same_amount)
        end as origin_key,
        case
            when count(*) filter (where is_same_reference) = 1 then 'reference'
            else 'amount'
        end as origin_method,
    from candidates
    group by line_key
),

origins as (
    select line_key, origin_key, origin_method from by_allocation
    union all
    select line_key, origin_key, origin_method from by_unique
    where origin_key is not null
),

-- 411 to 413 to 416: as many steps as there are, never round in circles
walk as (
    select
        line_key,
        origin_key as root_key,
        1 as depth,
    from origins
    union all
    select
        walk.line_key,
        origins.origin_key as root_key,
        walk.depth + 1 as depth,
    from walk
    inner join origins on origins.line_key = walk.root_key
    where walk.depth < 10
),

roots as (
    select
        line_key,
        arg_max(root_key, (depth, root_key)) as root_key,
    from walk
    group by line_key
),

final as (
    select
        origins.line_key,
        origins.origin_key,
        roots.root_key,
        origins.origin_method,
    from origins
    inner join roots on roots.line_key = origins.line_key
)

select * from final
