-- grain: one row per document that a dispute, a promise or an action names, and item that it is
-- key: entity_no, counterparty_id, document_id, item_key
-- question: Which items does a dispute, a promise or an action mean?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   counterparty_id: code of the customer as the extract gives it
--   document_id: number of the document as the extract gives it
--   item_key: the item; each of the instalments
-- decisions: 27, 44, 56
with

named as (
    select
        entity_no,
        counterparty_id,
        document_id,
    from int_told_disputes
    where document_id is not null
    union
    select
        entity_no,
        counterparty_id,
        document_id,
    from stg_erp__promises
    where document_id is not null
    union
    select
        entity_no,
        counterparty_id,
        document_id,
    from stg_erp__collection_actions
    where document_id is not null
),

facts as (
    select * from int_invoice_facts
),

lines as not materialized (
    select * from int_item_lines
),

accounts as (
    select * from int_accounts
),

by_document as (
    select
        named.entity_no,
        named.counterparty_id,
        named.document_id,
        facts.line_key as item_key,
    from named
    inner join facts
        on facts.entity_no = named.entity_no
        and facts.document_id = named.document_id
        and facts.side = 'customer'
),

-- without an extract of invoices: the reference of the ledger, where it is unique
asked as (
    select
        *,
        upper(trim(counterparty_id)) as counterparty_code,
        ltrim(
            regexp_replace(upper(strip_accents(document_id)), '[^A-Z0-9]', '', 'g'), '0'
        ) as reference,
    from named
    anti join by_document
        on by_document.entity_no = named.entity_no
        and by_document.counterparty_id = named.counterparty_id
        and by_document.document_id = named.document_id
),

by_reference as (
    select
        asked.entity_no,
        asked.counterparty_id,
        asked.document_id,
        min(lines.line_key) as item_key,
    from asked
    inner join accounts
        on accounts.entity_no = asked.entity_no
        and accounts.side = 'customer'
        and upper(trim(accounts.counterparty_id)) = asked.counterparty_code
    inner join lines
        on lines.account_key = accounts.account_key
        and ltrim(regexp_replace(
            upper(strip_accents(lines.document_ref)), '[^A-Z0-9]', '', 'g'
        ), '0') = asked.reference
    where
        asked.reference <> ''
        and lines.line_type in ('invoice', 'opening')
        and lines.amount > 0
    group by asked.entity_no, asked.counterparty_id, asked.document_id
    having count(*) = 1
),

final as (
    select entity_no, counterparty_id, document_id, item_key from by_document
    union all
    select entity_no, counterparty_id, document_id, item_key from by_reference
)

select * from final
