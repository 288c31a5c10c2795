-- grain: one row per item that exists at the as-of date
-- key: entity_id, item_id
-- sort: entity_id, side, counterparty_id, item_id
-- question: Which documents and payments are there, what is open of each, and how late is it?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   item_id: year and month of the fiscal year, then the line of the extract on nine digits, the
--     first two of which are the part less one where the extract is split; where there is no
--     ledger its kind (1 invoice, 2 payment, 3 settlement) and a rank on thirteen digits
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   document_ref: reference of the document
--   item_type: invoice, credit_note, payment, deposit, bill, retention, opening, payment_reject,
--     refund, other
--   origin_item_id: the item that a transfer or a returned payment takes over from
--   account: account number
--   account_family: control account of the chart
--   is_aged: part of the open amount and of the ageing; false for 418, 419, 408, 409
--   entry_date: accounting date
--   issue_date: date of the document
--   due_date: date from which it is overdue; null where it is not known
--   due_date_source: erp_invoice, extract_column, bill_label, invoice_terms, person_terms,
--     counterparty_terms, counterparty_file, entity_terms, legal_default, origin_item, own_date,
--     none
--   amount: currency of the entity, positive in the normal direction of the side
--   open_amount: what is open at the as-of date, currency of the entity
--   settled_date: date on which nothing was left, null while something is
--   is_disputed: disputed at the as-of date, by an extract of invoices or disputes
--   is_intercompany: the counterparty belongs to the group
--   is_estimated: rests on FIFO, not on lettering
--   overdue_days: days past due of an open item, negative before; null where settled or not known
--   ageing_bucket: ageing bucket of an open item, null where settled
--   currency: document currency
--   currency_amount: amount in document currency
--   batch_id: batch that landed the line
--   source_file: name of the extract
--   source_part: part of a split extract, 1 where there is one file; null with source_line
--   source_line: line of the extract, of its part where it is split; null where an opening differs
--     from the closing before it
-- decisions: 3, 10, 11, 12, 22, 27
with

items as (
    select * from int_items
),

accounts as (
    select * from int_accounts
),

open_items as (
    select * from int_open_items
),

batches as (
    select * from stg_landing__batches
),

entities as (
    select * from project_entities
),

settings as (
    select * from params
),

disputed as (
    select distinct int_item_disputes.item_key
    from int_item_disputes
    cross join params
    where
        int_item_disputes.disputed_from <= params.as_of
        and (int_item_disputes.disputed_to is null or int_item_disputes.disputed_to > params.as_of)
),

final as (
    select
        accounts.entity_id,
        items.item_key % 1000000000000000 as item_id,
        accounts.side,
        accounts.counterparty_id,
        items.document_ref,
        cast(items.item_type as varchar) as item_type,
        items.origin_item_key % 1000000000000000 as origin_item_id,
        accounts.account,
        accounts.account_family,
        items.is_aged,
        items.movement_date as entry_date,
        items.issue_date,
        items.due_date,
        cast(items.due_date_source as varchar) as due_date_source,
        items.amount,
        coalesce(open_items.open_amount, 0) as open_amount,
        case when items.closed_on <= settings.as_of then items.closed_on end as settled_date,
        disputed.item_key is not null as is_disputed,
        accounts.is_intercompany,
        items.is_estimated,
        open_items.overdue_days,
        open_items.ageing_bucket,
        coalesce(items.currency, entities.currency) as currency,
        coalesce(items.currency_amount, items.amount) as currency_amount,
        batches.batch_id,
        batches.source_file,
        cast(
            (items.item_key % 1000000000 - items.source_line) // 10000000 + 1 as integer
        ) as source_part,
        items.source_line,
    from items
    cross join settings
    inner join accounts on accounts.account_key = items.account_key
    inner join entities on entities.entity_no = accounts.entity_no
    inner join batches on batches.batch_no = items.batch_no
    left join open_items on open_items.item_key = items.item_key
    left join disputed on disputed.item_key = items.item_key
    where items.movement_date <= settings.as_of
)

select * from final
