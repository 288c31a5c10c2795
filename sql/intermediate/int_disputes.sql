-- grain: one row per entity and dispute that was raised by the as-of date
-- key: entity_no, dispute_id
-- question: What is each dispute about, and how long did it last?
-- materialized: view
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   dispute_id: identifier of the dispute
--   counterparty_id: code of the customer
--   document_id: number of the document as the extract gives it
--   item_key: the item, the first of several instalments; null where it is not found
--   reason: reason as the extract gives it
--   status: status as the extract gives it
--   owner: who handles it
--   opened_date: day it was raised
--   closed_date: day it was settled, null where that is after the as-of date
--   is_undated: over by its status, without a date: open at no date, and in no average
--   is_open: raised and not settled at the as-of date
--   disputed_amount: amount that the extract gives
--   document_amount: amount of the document
--   weight_amount: the disputed amount, else that of the document: its weight in averages
-- decisions: 27, 43
with

disputes as (
    select int_told_disputes.*
    from int_told_disputes
    cross join params
    where int_told_disputes.opened_on <= params.as_of
),

documents as (
    select * from int_document_items
),

items as not materialized (
    select * from int_items
),

named as (
    select
        documents.entity_no,
        documents.counterparty_id,
        documents.document_id,
        min(items.item_key) as item_key,
        sum(items.amount) as document_amount,
    from documents
    inner join items on items.item_key = documents.item_key
    group by documents.entity_no, documents.counterparty_id, documents.document_id
),

dated as (
    select
        disputes.*,
        case when disputes.closed_on <= params.as_of then disputes.closed_on end as closed_date,
        disputes.closed_on is null
        and coalesce(lower(disputes.status) in ('closed', 'accepted', 'refused'), false)
            as is_undated,
    from disputes
    cross join params
),

final as (
    select
        dated.entity_no,
        dated.entity_id,
        dated.dispute_id,
        dated.counterparty_id,
        dated.document_id,
        named.item_key,
        dated.reason,
        dated.status,
        dated.owner,
        dated.opened_on as opened_date,
        dated.closed_date,
        dated.is_undated,
        dated.closed_date is null and not dated.is_undated as is_open,
        dated.amount as disputed_amount,
        cast(named.document_amount as decimal(18, 2)) as document_amount,
        cast(coalesce(dated.amount, named.document_amount, 0) as decimal(18, 2))
            as weight_amount,
    from dated
    left join named
        on named.entity_no = dated.entity_no
        and named.counterparty_id = dated.counterparty_id
        and named.document_id = dated.document_id
)

select * from final
