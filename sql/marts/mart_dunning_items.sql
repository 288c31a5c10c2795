-- grain: one row per entity and overdue item of a customer
-- key: entity_id, item_id
-- sort: entity_id, counterparty_id, item_id
-- question: Which overdue items are in the reminder that is due, and why are the others not?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer
--   counterparty_id: code of the customer
--   item_id: the item, see fct_items
--   document_ref: reference of the document
--   item_type: invoice, bill, retention, opening, payment_reject, refund or other
--   issue_date: date of the document
--   due_date: date from which it is overdue
--   overdue_days: days past due
--   amount: amount of the document, currency of the entity
--   open_amount: what is open of it, currency of the entity
--   age_level: highest level that its days allow, 0: none yet
--   reached_level: highest level that was done for it, 0: none
--   reached_date: day on which it was last reminded; null: never
--   next_level: level after that one; null after the last
--   next_kind: reminder, call, formal notice or legal case
--   next_channel: letter, e-mail, phone or none
--   next_date: first day on which that level is due
--   pause_reason: procedure, legal case, disputed, promised, blocked or intercompany; null: none
--   is_to_remind: part of the reminder that is due
--   interest_amount: late interest of the document and of the items before this one, currency of
--     the entity; 0 where no contract and no document tells the due date
--   fee_amount: recovery fee, the same
--   is_intercompany: the customer belongs to the group
-- decisions: 56, 57
with

dunning_items as (
    select * from int_dunning_items
),

dunning as (
    select * from int_dunning
),

items as (
    select * from int_items
),

accounts as (
    select * from int_accounts
),

roots as (
    select * from int_item_roots
),

late as (
    select * from int_late_chains
),

-- of the items that continue one document the last one bears its interest
bearers as (
    select
        coalesce(roots.root_key, dunning_items.item_key) as root_key,
        max(dunning_items.item_key) as item_key,
    from dunning_items
    left join roots on roots.item_key = dunning_items.item_key
    group by coalesce(roots.root_key, dunning_items.item_key)
),

final as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.counterparty_id,
        dunning_items.item_key % 1000000000000000 as item_id,
        items.document_ref,
        cast(items.item_type as varchar) as item_type,
        items.issue_date,
        items.due_date,
        dunning_items.overdue_days,
        items.amount,
        cast(dunning_items.open_amount as decimal(18, 2)) as open_amount,
        dunning_items.age_level,
        dunning_items.reached_level,
        dunning_items.reached_date,
        dunning_items.next_level,
        dunning_items.kind as next_kind,
        dunning_items.channel as next_channel,
        dunning_items.next_date,
        dunning_items.pause_reason,
        dunning_items.is_ready and dunning.status = 'due' as is_to_remind,
        cast(coalesce(late.interest_amount, 0) as decimal(18, 2)) as interest_amount,
        cast(coalesce(late.fee_amount, 0) as decimal(18, 2)) as fee_amount,
        accounts.is_intercompany,
    from dunning_items
    inner join dunning on dunning.counterparty_no = dunning_items.counterparty_no
    inner join items on items.item_key = dunning_items.item_key
    inner join accounts on accounts.account_key = items.account_key
    left join bearers on bearers.item_key = dunning_items.item_key
    left join late on late.root_key = bearers.root_key
)

select * from final
