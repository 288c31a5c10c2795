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

disputes as (
    select * from stg_erp__disputes
    where document_id is not null
),

lines as not materialized (
    select * from int_item_lines
),

accounts as (
    select * from int_accounts
),

-- a dispute that is said to be over without a date cannot be placed in time
dated as (
    select
        *,
        upper(trim(counterparty_id)) as counterparty_code,
        ltrim(
            regexp_replace(upper(strip_accents(document_id)), '[^A-Z0-9]', '', 'g'), '0'
        ) as reference,
    from disputes
    where
        closed_on is not null
        or status is null
        or lower(status) not in ('closed', 'accepted', 'refused')
),

by_document as (
    select
        facts.line_key,
        dated.entity_no,
        dated.dispute_id,
        dated.opened_on,
        dated.closed_on,
    from dated
    inner join facts
        on facts.entity_no = dated.entity_no
        and facts.document_id = dated.document_id
        and facts.side = 'customer'
),

-- without an extract of invoices: the reference of the ledger, where it is unique
asked as (
    select *
    from dated
    anti join by_document
        on by_document.entity_no = dated.entity_no
        and by_document.dispute_id = dated.dispute_id
    where reference <> ''
),

by_reference as (
    select
        min(lines.line_key) as line_key,
        asked.entity_no,
        asked.dispute_id,
        asked.opened_on,
        asked.closed_on,
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
    where lines.line_type in ('invoice', 'opening') and lines.amount > 0
    group by asked.entity_no, asked.dispute_id, asked.opened_on, asked.closed_on
    having count(*) = 1
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
    select line_key, dispute_id, opened_on, closed_on from by_document
    union all
    select line_key, dispute_id, opened_on, closed_on from by_reference
)

select * from final
