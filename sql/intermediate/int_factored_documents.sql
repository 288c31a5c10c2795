-- grain: one row per line of a list of sold documents and item that it names; without item one row
-- key: source_file, source_line, item_key
-- question: Which items are sold to a factor or discounted, document by document?
-- materialized: table
-- columns:
--   source_file: file of the list
--   source_line: line of the file
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer; the one that the document tells where the list has none
--   document_ref: number of the document as the list gives it
--   factored_on: day it was sold
--   returned_on: day it came back, null while it has not
--   item_key: the document or what took over from it; null where it is not found
--   account_key: third-party account of the item
--   status: sold; duplicate, unknown, ambiguous: it does not count
-- decisions: 10, 51
with

listed as (
    select
        *,
        upper(trim(counterparty_id)) as counterparty_code,
        ltrim(
            regexp_replace(upper(strip_accents(document_ref)), '[^A-Z0-9]', '', 'g'), '0'
        ) as reference,
        row_number() over (order by source_file, source_line) as line_no,
    from project_factored_documents
),

accounts as (
    select * from int_accounts
    where side = 'customer' and is_aged
),

roots as (
    select * from int_item_roots
),

documents as (
    select
        items.item_key,
        items.movement_date,
        items.item_type,
        accounts.entity_id,
        accounts.counterparty_id,
        upper(trim(accounts.counterparty_id)) as counterparty_code,
        ltrim(
            regexp_replace(upper(strip_accents(items.document_ref)), '[^A-Z0-9]', '', 'g'), '0'
        ) as reference,
    from int_items as items
    inner join accounts on accounts.account_key = items.account_key
    anti join roots on roots.item_key = items.item_key
    where items.amount > 0
),

-- only what is booked by the day of the sale; an opening repeats what is older
candidates as (
    select
        listed.line_no,
        documents.item_key,
        documents.counterparty_id,
        count(distinct documents.counterparty_id) over (partition by listed.line_no)
            as counterparty_count,
    from listed
    inner join documents
        on documents.entity_id = listed.entity_id
        and documents.reference = listed.reference
        and (
            listed.counterparty_code is null
            or documents.counterparty_code = listed.counterparty_code
        )
        and (documents.movement_date <= listed.factored_on or documents.item_type = 'opening')
    where listed.reference <> ''
),

-- a line repeats one before it that names the same item for some of the same days
repeats as (
    select distinct now.line_no
    from candidates as now
    inner join candidates as before
        on before.item_key = now.item_key
        and before.line_no < now.line_no
    inner join listed as now_line on now_line.line_no = now.line_no
    inner join listed as before_line on before_line.line_no = before.line_no
    where
        now.counterparty_count = 1
        and before.counterparty_count = 1
        and now_line.factored_on < coalesce(before_line.returned_on, date '9999-12-31')
        and before_line.factored_on < coalesce(now_line.returned_on, date '9999-12-31')
),

-- a bill or a returned payment continues the document that was sold
continued as (
    select
        candidates.line_no,
        candidates.counterparty_id,
        candidates.counterparty_count,
        candidates.item_key,
    from candidates
    union all
    select
        candidates.line_no,
        candidates.counterparty_id,
        candidates.counterparty_count,
        roots.item_key,
    from candidates
    inner join roots on roots.root_key = candidates.item_key
),

final as (
    select
        listed.source_file,
        listed.source_line,
        listed.entity_id,
        case
            when continued.counterparty_count = 1 then continued.counterparty_id
            else listed.counterparty_id
        end as counterparty_id,
        listed.document_ref,
        listed.factored_on,
        listed.returned_on,
        continued.item_key,
        items.account_key,
        case
            when continued.item_key is null then 'unknown'
            when continued.counterparty_count > 1 then 'ambiguous'
            when repeats.line_no is not null then 'duplicate'
            else 'sold'
        end as status,
    from listed
    left join continued on continued.line_no = listed.line_no
    left join int_items as items on items.item_key = continued.item_key
    left join repeats on repeats.line_no = listed.line_no
)

select * from final
