-- grain: one row per item of account 416 that is open at the as-of date
-- key: item_key
-- question: What is a doubtful receivable without tax, and who says so?
-- materialized: view
-- columns:
--   item_key: the item
--   account_key: third-party account
--   document_key: the document behind it; the item itself where none is known
--   open_amount: what is open, tax included, positive in the normal direction of the side
--   tax_source: document (the VAT of the entry, or the amount without tax of the extract) or
--     entity_rate
--   vat_ratio: VAT on an amount without tax
--   excl_tax_amount: what is open without tax, rounded per item
-- decisions: 39, 52
with

open_items as (
    select
        int_open_items.item_key,
        int_open_items.account_key,
        int_open_items.open_amount,
        int_accounts.entity_id,
    from int_open_items
    inner join int_accounts on int_accounts.account_key = int_open_items.account_key
    where int_open_items.is_aged and int_accounts.account_family = '416'
),

roots as (
    select * from int_item_roots
),

taxes as (
    select * from int_item_taxes
    where excl_tax_amount > 0 and incl_tax_amount > 0 or excl_tax_amount < 0 and incl_tax_amount < 0
),

vat_rates as (
    select * from ref_vat_rates
),

ratios as (
    select
        open_items.*,
        coalesce(roots.root_key, open_items.item_key) as document_key,
        case when taxes.item_key is not null then 'document' else 'entity_rate' end as tax_source,
        coalesce(
            taxes.incl_tax_amount / taxes.excl_tax_amount - 1,
            coalesce(own_vat.rate, common_vat.rate, 0) / 100
        ) as vat_ratio,
        case when taxes.item_key is not null
            then cast(open_items.open_amount as decimal(19, 2))
                * cast(taxes.excl_tax_amount as decimal(19, 2)) / taxes.incl_tax_amount
            else open_items.open_amount
                / (1 + coalesce(own_vat.rate, common_vat.rate, 0) / 100)
        end as excl_tax_amount,
    from open_items
    left join roots on roots.item_key = open_items.item_key
    left join taxes on taxes.item_key = coalesce(roots.root_key, open_items.item_key)
    left join vat_rates as own_vat on own_vat.entity_id = open_items.entity_id
    left join vat_rates as common_vat on common_vat.entity_id is null
),

final as (
    select
        item_key,
        account_key,
        document_key,
        cast(open_amount as decimal(18, 2)) as open_amount,
        tax_source,
        cast(vat_ratio as decimal(9, 6)) as vat_ratio,
        cast(excl_tax_amount as decimal(18, 2)) as excl_tax_amount,
    from ratios
)

select * from final
