-- grain: one row per entity, day, and whether the supplier belongs to the group
-- key: entity_id, is_intercompany, purchase_date
-- question: What was bought each day?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   is_intercompany: the supplier belongs to the group
--   purchase_date: accounting date
--   purchase_amount: invoices less credit notes on the control accounts, tax included
-- decisions: 13
with

items as (
    select * from int_items
    where is_sale and is_aged
),

accounts as (
    select * from int_accounts
    where side = 'supplier'
),

final as (
    select
        accounts.entity_id,
        accounts.is_intercompany,
        items.movement_date as purchase_date,
        cast(sum(items.amount) as decimal(18, 2)) as purchase_amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    group by accounts.entity_id, accounts.is_intercompany, items.movement_date
)

select * from final
