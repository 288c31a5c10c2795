-- grain: one row per disputed item and dispute
-- key: item_key, dispute_id
-- question: Which items are disputed, and between which dates?
-- materialized: table
-- columns:
--   item_key: the item
--   dispute_id: identifier of the dispute; empty where the invoice itself says that it is disputed
--   disputed_from: first day
--   disputed_to: first day after, null while it lasts
-- decisions: 27
with

facts as (
    select * from int_invoice_facts
),

documents as (
    select * from int_document_items
),

-- a dispute that is said to be over without a date cannot be placed in time
dated as (
    select * from int_told_disputes
    where
        document_id is not null
        and (
            closed_on is not null
            or status is null
            or lower(status) not in ('closed', 'accepted', 'refused')
        )
),

final as (
    select
        line_key as item_key,
        '' as dispute_id,
        issue_date as disputed_from,
        cast(null as date) as disputed_to,
    from facts
    where is_disputed
    union all
    select
        documents.item_key,
        dated.dispute_id,
        dated.opened_on as disputed_from,
        dated.closed_on as disputed_to,
    from dated
    inner join documents
        on documents.entity_no = dated.entity_no
        and documents.counterparty_id = dated.counterparty_id
        and documents.document_id = dated.document_id
)

select * from final
