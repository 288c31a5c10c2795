-- grain: one row per document or account of which payment was promised, and day of a receipt
-- key: entity_no, counterparty_id, document_id, receipt_date
-- question: Which cash came in on what was promised?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   counterparty_id: code of the customer as the extract of promises gives it
--   document_id: number of the document as that extract gives it; empty for the account
--   receipt_date: day on which the cash is booked, or set against the document
--   amount: cash less returned payments of that day, currency of the entity
-- decisions: 44
with

items as not materialized (
    select * from int_items
),

allocations as not materialized (
    select * from int_allocations
),

accounts as (
    select * from int_accounts
    where side = 'customer'
),

promised as (
    select distinct
        entity_no,
        counterparty_id,
        coalesce(document_id, '') as document_id,
    from stg_erp__promises
),

own_items as (
    select
        promised.*,
        documents.item_key,
    from promised
    inner join int_document_items as documents
        on documents.entity_no = promised.entity_no
        and documents.counterparty_id = promised.counterparty_id
        and documents.document_id = promised.document_id
),

-- what takes over from the document: an accepted bill, then a doubtful receivable
next_items as (
    select
        own_items.* exclude (item_key),
        items.item_key,
    from own_items
    inner join items on items.origin_item_key = own_items.item_key
),

all_items as (
    select * from own_items
    union
    select * from next_items
    union
    select
        next_items.* exclude (item_key),
        items.item_key,
    from next_items
    inner join items on items.origin_item_key = next_items.item_key
),

on_documents as (
    select
        all_items.* exclude (item_key),
        allocations.allocation_date as receipt_date,
        allocations.amount,
    from all_items
    inner join allocations on allocations.debit_key = all_items.item_key
    where allocations.settlement_kind = 'cash'
    union all
    -- a payment that came back: its item takes over from the document
    select
        all_items.* exclude (item_key),
        items.movement_date as receipt_date,
        -items.amount as amount,
    from all_items
    inner join items on items.item_key = all_items.item_key
    where items.item_type = 'payment_reject'
),

on_accounts as (
    select
        promised.*,
        items.movement_date as receipt_date,
        -items.amount as amount,
    from promised
    inner join accounts
        on accounts.entity_no = promised.entity_no
        and upper(trim(accounts.counterparty_id)) = upper(trim(promised.counterparty_id))
    inner join items on items.account_key = accounts.account_key
    where
        promised.document_id = ''
        and (
            (items.item_type = 'payment' and items.amount < 0)
            or (
                items.item_type = 'deposit'
                and items.amount < 0
                and accounts.account_family = '419'
            )
            or items.item_type = 'payment_reject'
        )
),

final as (
    select
        entity_no,
        counterparty_id,
        document_id,
        receipt_date,
        cast(sum(amount) as decimal(18, 2)) as amount,
    from (
        select * from on_documents
        union all
        select * from on_accounts
    )
    group by entity_no, counterparty_id, document_id, receipt_date
)

select * from final
