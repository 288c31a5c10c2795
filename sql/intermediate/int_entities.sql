-- grain: one row per entity of which something is loaded that makes items
-- key: entity_no
-- question: Do the items of an entity come from its ledger or from other extracts, and since when?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   has_ledger: a ledger is loaded: it gives the amounts, other extracts enrich
--   first_date: first date of the ledger, else of the invoices and payments
--   last_date: last date of the ledger, else of the invoices and payments
-- decisions: 2, 21, 22
with

fiscal_years as (
    select * from stg_fec__fiscal_years
),

invoices as (
    select * from stg_erp__invoices
),

payments as (
    select * from stg_erp__payments
),

ledgers as (
    select
        entity_no,
        entity_id,
        true as has_ledger,
        min(first_date) as first_date,
        max(last_date) as last_date,
    from fiscal_years
    group by entity_no, entity_id
),

documents as (
    select
        entity_no,
        entity_id,
        issue_date as document_date,
    from invoices
    union all
    select
        entity_no,
        entity_id,
        payment_date as document_date,
    from payments
),

extracts as (
    select
        entity_no,
        entity_id,
        false as has_ledger,
        min(document_date) as first_date,
        max(document_date) as last_date,
    from documents
    where entity_no not in (select entity_no from ledgers)
    group by entity_no, entity_id
),

final as (
    select entity_no, entity_id, has_ledger, first_date, last_date from ledgers
    union all
    select entity_no, entity_id, has_ledger, first_date, last_date from extracts
)

select * from final
