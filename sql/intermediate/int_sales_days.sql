-- grain: one row per entity, day, and whether the customer belongs to the group
-- key: entity_id, is_intercompany, sales_date
-- question: What was sold each day?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   is_intercompany: the customer belongs to the group
--   sales_date: accounting date
--   sales_amount: invoices less credit notes on the control accounts, tax included
--   sales_excl_tax_amount: credit less debit on the sales accounts (class 70); without a ledger the
--     amounts without tax of the invoices
-- decisions: 13, 22
with

items as (
    select * from int_items
    where is_sale and is_aged
),

accounts as (
    select * from int_accounts
),

entries as (
    select * from int_entries
    where sales_amount <> 0
),

fiscal_years as (
    select * from stg_fec__fiscal_years
),

lines as (
    select * from int_control_lines
),

group_entries as (
    select distinct lines.entry_key
    from lines
    inner join accounts on accounts.account_key = lines.account_key
    where accounts.is_intercompany
),

with_tax as (
    select
        accounts.entity_id,
        accounts.is_intercompany,
        items.movement_date as sales_date,
        sum(items.amount) as sales_amount,
        0 as sales_excl_tax_amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    where accounts.side = 'customer'
    group by all
),

without_tax as (
    select
        fiscal_years.entity_id,
        group_entries.entry_key is not null as is_intercompany,
        entries.entry_date as sales_date,
        0 as sales_amount,
        sum(entries.sales_amount) as sales_excl_tax_amount,
    from entries
    inner join fiscal_years on fiscal_years.fy_no = entries.fy_no
    left join group_entries on group_entries.entry_key = entries.entry_key
    group by all
),

-- an entity without a ledger: what its invoices give
extracts_without_tax as (
    select
        accounts.entity_id,
        accounts.is_intercompany,
        documents.movement_date as sales_date,
        0 as sales_amount,
        sum(documents.amount_excl_tax) as sales_excl_tax_amount,
    from int_erp_documents as documents
    inner join accounts
        on accounts.entity_no = documents.entity_no
        and accounts.side = documents.side
        and accounts.counterparty_id = documents.counterparty_id
    where documents.side = 'customer' and documents.amount_excl_tax is not null
    group by all
),

final as (
    select
        entity_id,
        is_intercompany,
        sales_date,
        cast(sum(sales_amount) as decimal(18, 2)) as sales_amount,
        cast(sum(sales_excl_tax_amount) as decimal(18, 2)) as sales_excl_tax_amount,
    from (
        select * from with_tax
        union all
        select * from without_tax
        union all
        select * from extracts_without_tax
    )
    group by entity_id, is_intercompany, sales_date
)

select * from final
