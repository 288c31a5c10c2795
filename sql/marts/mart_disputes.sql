-- grain: one row per entity and dispute that was raised by the as-of date
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
--   closed_date: day it was settled; null where that is after the as-of date
--   is_open: raised and not settled at the as-of date
--   age_days: days since it was raised, null where it is not open
--   cycle_days: days from raising to settling, null where it is not settled by the as-of date
--   disputed_amount: amount that the extract gives; null: what is open of the document
--   open_amount: what is open of the document at the as-of date, currency of the entity; null where
--     the document is not found
--   in_dispute_amount: what is disputed of an open dispute: the amount that the extract gives, but
--     no more than is open of the document; else what is open; 0 where it is not open, null where
--     neither is known; currency of the entity
--   weight_amount: the disputed amount, else that of the document, else 0: its weight in averages,
--     currency of the entity
-- decisions: 27, 43
with

disputes as (
    select * from int_disputes
),

documents as (
    select * from int_document_items
),

open_items as (
    select * from int_open_items
),

settings as (
    select * from params
),

open_documents as (
    select
        documents.entity_no,
        documents.counterparty_id,
        documents.document_id,
        sum(open_items.open_amount) as open_amount,
    from documents
    inner join open_items on open_items.item_key = documents.item_key
    group by documents.entity_no, documents.counterparty_id, documents.document_id
),

joined as (
    select
        disputes.*,
        settings.as_of,
        case when disputes.item_key is not null then coalesce(open_documents.open_amount, 0) end
            as open_amount,
    from disputes
    cross join settings
    left join open_documents
        on open_documents.entity_no = disputes.entity_no
        and open_documents.counterparty_id = disputes.counterparty_id
        and open_documents.document_id = disputes.document_id
),

final as (
    select
        entity_id,
        dispute_id,
        counterparty_id,
        document_id as document_ref,
        item_key % 1000000000000000 as item_id,
        reason,
        status,
        owner,
        opened_date,
        closed_date,
        is_open,
        case when is_open then cast(as_of - opened_date as integer) end as age_days,
        cast(closed_date - opened_date as integer) as cycle_days,
        disputed_amount,
        cast(open_amount as decimal(18, 2)) as open_amount,
        cast(case
            when not is_open then 0
            when disputed_amount is null then open_amount
            when open_amount is null then disputed_amount
            else least(disputed_amount, open_amount)
        end as decimal(18, 2)) as in_dispute_amount,
        weight_amount,
    from joined
)

select * from final
