-- grain: one row per entity, side and day with sales or purchases
-- key: entity_no, side, turnover_date
-- question: What was sold and bought each day, with and without tax?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   side: customer for sales, supplier for purchases
--   turnover_date: accounting date; of the document where there is no ledger
--   incl_tax_amount: sales or purchases and the VAT of their entries
--   excl_tax_amount: sales (class 70) or purchases (60 without 603, 61, 62); without a ledger the
--     amounts without tax of the documents
--   untold_amount: documents of extracts that do not tell their amount without tax, tax included
-- decisions: 40
with

entries as (
    select * from int_entries
    where sales_amount <> 0 or purchase_amount <> 0
),

fiscal_years as (
    select * from stg_fec__fiscal_years
),

documents as (
    select * from int_erp_documents
    where kind_no = 1 and part_no = 1
),

from_entries as (
    select
        fiscal_years.entity_no,
        entries.entry_date,
        fiscal_years.fiscal_year_start,
        entries.sales_amount,
        entries.purchase_amount,
        entries.vat_amount,
    from entries
    inner join fiscal_years on fiscal_years.fy_no = entries.fy_no
),

sides as (
    select
        entity_no,
        'customer' as side,
        greatest(entry_date, fiscal_year_start) as turnover_date,
        sales_amount + vat_amount as incl_tax_amount,
        sales_amount as excl_tax_amount,
        0 as untold_amount,
    from from_entries
    where sales_amount <> 0
    union all
    select
        entity_no,
        'supplier' as side,
        greatest(entry_date, fiscal_year_start) as turnover_date,
        -- the VAT of an entry of sales stands beside its sales
        case when sales_amount = 0 then purchase_amount - vat_amount else purchase_amount end,
        purchase_amount,
        0,
    from from_entries
    where purchase_amount <> 0
    union all
    select
        entity_no,
        side,
        movement_date as turnover_date,
        case when amount_excl_tax is null then 0 else whole_amount end,
        coalesce(amount_excl_tax, 0),
        case when amount_excl_tax is null then whole_amount else 0 end,
    from documents
),

final as (
    select
        entity_no,
        side,
        turnover_date,
        cast(sum(incl_tax_amount) as decimal(18, 2)) as incl_tax_amount,
        cast(sum(excl_tax_amount) as decimal(18, 2)) as excl_tax_amount,
        cast(sum(untold_amount) as decimal(18, 2)) as untold_amount,
    from sides
    group by entity_no, side, turnover_date
)

select * from final
