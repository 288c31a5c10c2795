-- grain: one row per item that continues another
-- key: line_key
-- question: Which item does a transfer or a returned payment take over from?
-- materialized: scratch
-- columns:
--   line_key: the new item
--   origin_key: the item it takes over from
--   root_key: the first item of that line of items
--   origin_method: allocation, reference or amount
--   is_release: the item was a retention until then, and is due from that day
-- decisions: 10
with recursive

items as not materialized (
    select * from int_item_lines
),

accounts as (
    select
        account_key,
        side,
        item_kind,
        counterparty_no,
    from int_accounts
),

allocations as not materialized (
    select * from int_allocations
),

-- the few lines that take over or are taken over from
moved as (
    select
        items.line_key,
        items.entry_key,
        items.line_type,
        items.account_key,
        accounts.side,
        accounts.item_kind,
        accounts.counterparty_no,
        items.movement_date,
        items.document_ref,
        items.amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    where items.line_type in ('transfer', 'bank_return')
),

-- a transfer: the credit of the same entry and amount says what was taken over; where there are
-- several, that of the same counterparty, then of the same reference, then in the same place
transfer_lines as (
    select
        line_key,
        entry_key,
        side,
        amount,
        document_ref,
        counterparty_no,
        row_number() over (
            partition by entry_key, side, amount, counterparty_no order by line_key
        ) as counterparty_place,
        row_number() over (
            partition by entry_key, side, amount order by line_key
        ) as entry_place,
    from moved
    where line_type = 'transfer'
),

-- fans out on purpose, inside an entry
transfers as (
    select
        new_lines.line_key,
        arg_min(
            old_lines.line_key,
            (
                old_lines.counterparty_no <> new_lines.counterparty_no,
                old_lines.document_ref is distinct from new_lines.document_ref,
                old_lines.counterparty_place <> new_lines.counterparty_place,
                old_lines.entry_place <> new_lines.entry_place,
                old_lines.line_key
            )
        ) as credit_key,
    from transfer_lines as new_lines
    inner join transfer_lines as old_lines
        on old_lines.entry_key = new_lines.entry_key
        and old_lines.side = new_lines.side
        and old_lines.amount = -new_lines.amount
    where new_lines.amount > 0
    group by new_lines.line_key
),

returned as (
    select
        line_key,
        account_key,
        document_ref,
        amount,
        movement_date,
    from moved
    where line_type = 'bank_return'
),

payments as (
    select
        items.account_key,
        items.document_ref,
        -items.amount as amount,
        items.movement_date,
        max(items.line_key) as line_key,
    from items
    inner join (
        select distinct
            account_key,
            -amount as amount,
        from returned
    ) as asked
        on asked.account_key = items.account_key
        and asked.amount = items.amount
    where items.line_type = 'payment'
    group by items.account_key, items.document_ref, items.amount, items.movement_date
),

any_payments as (
    select
        account_key,
        amount,
        movement_date,
        max(line_key) as line_key,
    from payments
    group by account_key, amount, movement_date
),

-- a payment that came back: the latest one of that amount before it, of the same reference
-- where there is one
returns as (
    select
        returned.line_key,
        coalesce(named_payments.line_key, any_payments.line_key) as credit_key,
    from returned
    asof left join payments as named_payments
        on named_payments.account_key = returned.account_key
        and named_payments.amount = returned.amount
        and named_payments.document_ref = returned.document_ref
        and named_payments.movement_date <= returned.movement_date
    asof left join any_payments
        on any_payments.account_key = returned.account_key
        and any_payments.amount = returned.amount
        and any_payments.movement_date <= returned.movement_date
    where any_payments.line_key is not null
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
    inner join moved as new_items on new_items.line_key = credits.line_key
    inner join allocations
        on allocations.credit_key = credits.credit_key
        and allocations.allocation_date <= new_items.movement_date
        and allocations.debit_key <> credits.line_key
    group by credits.line_key
),

unresolved as (
    select
        new_items.line_key,
        -- a payment that came back is of the same account
        coalesce(old_credits.counterparty_no, new_items.counterparty_no) as counterparty_no,
        new_items.movement_date,
        new_items.document_ref,
        -- a payment that had settled nothing reopens nothing: only its reference may tell
        case when new_items.line_type = 'transfer' or credits.credit_key is null
            then new_items.amount end as amount,
    from moved as new_items
    left join credits on credits.line_key = new_items.line_key
    left join moved as old_credits on old_credits.line_key = credits.credit_key
    where
        new_items.amount > 0
        and new_items.line_key not in (select line_key from by_allocation)
),

invoices as not materialized (
    select
        accounts.counterparty_no,
        items.movement_date,
        items.document_ref,
        items.amount,
        items.line_key,
    from items
    inner join accounts on accounts.account_key = items.account_key
    where items.line_type in ('invoice', 'opening') and items.amount > 0
),

-- the invoices that they may name, counted from the first to each day
invoices_by_reference as (
    select
        invoices.counterparty_no,
        invoices.document_ref,
        invoices.movement_date,
        sum(count(*)) over reference_days as invoice_count,
        min(min(invoices.line_key)) over reference_days as line_key,
    from invoices
    inner join (
        select distinct
            counterparty_no,
            document_ref,
        from unresolved
    ) as asked
        on asked.counterparty_no = invoices.counterparty_no
        and asked.document_ref = invoices.document_ref
    group by invoices.counterparty_no, invoices.document_ref, invoices.movement_date
    window reference_days as (
        partition by invoices.counterparty_no, invoices.document_ref
        order by invoices.movement_date
    )
),

invoices_by_amount as (
    select
        invoices.counterparty_no,
        invoices.amount,
        invoices.movement_date,
        sum(count(*)) over amount_days as invoice_count,
        min(min(invoices.line_key)) over amount_days as line_key,
    from invoices
    inner join (
        select distinct
            counterparty_no,
            amount,
        from unresolved
    ) as asked
        on asked.counterparty_no = invoices.counterparty_no
        and asked.amount = invoices.amount
    group by invoices.counterparty_no, invoices.amount, invoices.movement_date
    window amount_days as (
        partition by invoices.counterparty_no, invoices.amount
        order by invoices.movement_date
    )
),

by_unique as (
    select
        unresolved.line_key,
        case
            when by_reference.invoice_count = 1 then by_reference.line_key
            when by_amount.invoice_count = 1 then by_amount.line_key
        end as origin_key,
        case when by_reference.invoice_count = 1 then 'reference' else 'amount' end
            as origin_method,
    from unresolved
    asof left join invoices_by_reference as by_reference
        on by_reference.counterparty_no = unresolved.counterparty_no
        and by_reference.document_ref = unresolved.document_ref
        and by_reference.movement_date <= unresolved.movement_date
    asof left join invoices_by_amount as by_amount
        on by_amount.counterparty_no = unresolved.counterparty_no
        and by_amount.amount = unresolved.amount
        and by_amount.movement_date <= unresolved.movement_date
),

resolved as (
    select line_key, origin_key, origin_method from by_allocation
    union all
    select line_key, origin_key, origin_method from by_unique
    where origin_key is not null
),

origins as (
    select
        resolved.line_key,
        resolved.origin_key,
        resolved.origin_method,
        coalesce(
            old_accounts.item_kind = 'retention'
            and new_items.item_kind is distinct from 'retention',
            false
        ) as is_release,
    from resolved
    inner join moved as new_items on new_items.line_key = resolved.line_key
    inner join items as old_items on old_items.line_key = resolved.origin_key
    inner join accounts as old_accounts on old_accounts.account_key = old_items.account_key
),

-- 411 to 413 to 416: as many steps as there are, never round in circles; what continues a
-- retention that was released goes back to its release
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
    inner join origins
        on origins.line_key = walk.root_key
        and not origins.is_release
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
        origins.is_release,
    from origins
    inner join roots on roots.line_key = origins.line_key
)

select * from final
