-- grain: one row per line of the lists of sold documents
-- key: source_file, source_line
-- sort: entity_id, source_file, source_line
-- question: Which documents are sold to a factor or discounted, and which lines of the list do not
--   count?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   source_file: file, as encours.yaml names it
--   source_line: line of the file
--   counterparty_id: code of the customer; the one that the document tells where the list has none
--   document_ref: number of the document as the list gives it
--   factored_date: day it was sold
--   returned_date: day it came back, null while it has not
--   status: sold; duplicate (a line before it has the same document for some of the same days),
--     unknown (no document of this number was booked by that day), ambiguous (several customers
--     have one): these three do not count
--   is_sold: it counts as sold at the as-of date
--   open_amount: what is open of the document at the as-of date, without 416, currency of the
--     entity; null where it is not found
-- decisions: 32, 51
with

documents as (
    select * from int_factored_documents
),

open_items as (
    select
        int_open_items.item_key,
        int_open_items.open_amount,
    from int_open_items
    inner join int_accounts on int_accounts.account_key = int_open_items.account_key
    where int_open_items.is_aged and int_accounts.in_dso
),

summed as (
    select
        documents.entity_id,
        documents.source_file,
        documents.source_line,
        documents.counterparty_id,
        documents.document_ref,
        documents.factored_on,
        documents.returned_on,
        documents.status,
        sum(open_items.open_amount) as open_amount,
    from documents
    left join open_items on open_items.item_key = documents.item_key
    group by all
),

final as (
    select
        summed.entity_id,
        summed.source_file,
        summed.source_line,
        summed.counterparty_id,
        summed.document_ref,
        summed.factored_on as factored_date,
        summed.returned_on as returned_date,
        summed.status,
        summed.status = 'sold'
            and summed.factored_on <= params.as_of
            and coalesce(summed.returned_on > params.as_of, true) as is_sold,
        case when summed.status in ('sold', 'duplicate')
            then cast(coalesce(summed.open_amount, 0) as decimal(18, 2)) end as open_amount,
    from summed
    cross join params
)

select * from final
