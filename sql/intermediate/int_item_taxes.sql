-- grain: one row per document of an entry of sales or purchases, or of an extract that tells it
-- key: item_key
-- question: How much of a document is without tax?
-- materialized: table
-- columns:
--   item_key: the item
--   incl_tax_amount: third-party lines of its entry, or the document of the extract; tax included
--   excl_tax_amount: the same without tax
-- decisions: 40, 52
with

entries as (
    select * from int_entries
    where
        -- without VAT the document is exempt
        abs(vat_amount) < abs(control_amount)
        -- an invoice: sales, or purchases and fixed assets
        and counterpart_flags & 15 > 0
),

openings as (
    select entry_key from int_opening_entries
),

documents as (
    select * from int_erp_documents
    where kind_no = 1
),

from_entries as (
    select
        unnest(entries.control_line_keys) as item_key,
        entries.control_amount as incl_tax_amount,
        entries.control_amount - entries.vat_amount as excl_tax_amount,
    from entries
    anti join openings on openings.entry_key = entries.entry_key
),

-- the first part of a document that its terms split carries the amount without tax
first_parts as (
    select * from documents
    where part_no = 1 and amount_excl_tax is not null and whole_amount <> 0
),

from_extracts as (
    select
        line_key as item_key,
        whole_amount as incl_tax_amount,
        amount_excl_tax as excl_tax_amount,
    from first_parts
    union all
    select
        documents.line_key,
        first_parts.whole_amount,
        first_parts.amount_excl_tax,
    from documents
    inner join first_parts
        on first_parts.entity_no = documents.entity_no
        and first_parts.side = documents.side
        and first_parts.document_id = documents.document_id
        and first_parts.instalment = documents.instalment
    where documents.part_no > 1
),

final as (
    select
        item_key,
        cast(incl_tax_amount as decimal(18, 2)) as incl_tax_amount,
        cast(excl_tax_amount as decimal(18, 2)) as excl_tax_amount,
    from (
        select * from from_entries
        union all
        select * from from_extracts
    )
)

select * from final
