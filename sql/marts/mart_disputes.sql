-- grain: one row per entity and dispute
-- key: entity_id, dispute_id
-- sort: entity_id, counterparty_id, dispute_id
-- question: Which invoices and amounts are disputed, why, and since when?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   dispute_id: identifier of the dispute
--   counterparty_id: code of the customer
--   document_ref: number of the document as the extract gives it; null: the account
--   item_id: the item, see fct_items; null where the document is not found, the first of several
--     instalments
--   reason: reason as the extract gives it
--   status: status as the extract gives it
--   owner: who handles it
--   opened_date: day it was raised
--   closed_date: day it was settled
--   is_open: raised and not settled at the as-of date
--   disputed_amount: amount that the extract gives; null: what is open of the document
--   open_amount: what is open of the document at the as-of date, currency of the entity; null where
--     the document is not found
-- decisions: 27
with

disputes as (
    select * from stg_erp__disputes
),

disputed_items as (
    select * from int_item_disputes
),

open_items as (
    select * from int_open_items
),

settings as (
    select * from params
),

items as (
    select
        disputed_items.item_key // 1000000000000000 as entity_no,
        disputed_items.dispute_id,
        min(disputed_items.item_key) as item_key,
        coalesce(sum(open_items.open_amount), 0) as open_amount,
    from disputed_items
    left join open_items on open_items.item_key = disputed_items.item_key
    group by all
),

final as (
    select
        disputes.entity_id,
        disputes.dispute_id,
        disputes.counterparty_id,
        disputes.document_id as document_ref,
        items.item_key % 1000000000000000 as item_id,
        disputes.reason,
        disputes.status,
        disputes.owner,
        disputes.opened_on as opened_date,
        disputes.closed_on as closed_date,
        disputes.opened_on <= settings.as_of
        and (disputes.closed_on is null or disputes.closed_on > settings.as_of)
        and (
            disputes.closed_on is not null
            or disputes.status is null
            or lower(disputes.status) not in ('closed', 'accepted', 'refused')
        ) as is_open,
        disputes.amount as disputed_amount,
        cast(items.open_amount as decimal(18, 2)) as open_amount,
    from disputes
    cross join settings
    left join items
        on items.entity_no = disputes.entity_no
        and items.dispute_id = disputes.dispute_id
)

select * from final
