-- grain: one row per item of account 416 that is open at the as-of date
-- key: entity_id, item_id
-- sort: entity_id, counterparty_id, item_id
-- question: What is each doubtful document without tax, and who says so?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   item_id: the item, see fct_items
--   document_ref: number of the document
--   tax_source: document (the VAT of its entry, or its amount without tax in the extract) or
--     entity_rate (vat_rates.csv)
--   vat_ratio: VAT on the amount without tax, 0.2 for 20 %
--   open_amount: what is open, tax included, currency of the entity
--   open_excl_tax_amount: the same without tax, rounded per item, currency of the entity
--   is_intercompany: the customer belongs to the group
-- decisions: 39, 52
with

items as (
    select * from int_doubtful_items
),

final as (
    select
        accounts.entity_id,
        accounts.counterparty_id,
        items.item_key % 1000000000000000 as item_id,
        facts.document_ref,
        items.tax_source,
        items.vat_ratio,
        items.open_amount,
        items.excl_tax_amount as open_excl_tax_amount,
        accounts.is_intercompany,
    from items
    inner join int_accounts as accounts on accounts.account_key = items.account_key
    inner join int_items as facts on facts.item_key = items.item_key
)

select * from final
