-- grain: one row per entity and customer with an overdue item
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: Who gets which reminder, for how much, and who gets none and why?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer
--   counterparty_id: code of the customer
--   counterparty_name: name of the customer
--   account_manager: who looks after it
--   segment: segment; null, segments are not computed
--   risk_class: class of the score, N where there is too little history
--   policy_segment: segment of the lines of dunning_policy.csv that count
--   policy_class: class of these lines
--   status: due, paused, waiting (for a day to come) or finished (the last level is done)
--   pause_reason: procedure, legal case, disputed, promised, blocked, intercompany, credits or
--     below minimum; null where it is not paused
--   pause_reasons: every reason that pauses one of its items; null: none
--   reached_level: highest level that was done for one of its items, 0: none
--   reached_date: day on which one of them was last reminded; null: never
--   due_level: level that is due; null: none
--   due_kind: reminder, call, formal notice or legal case
--   due_channel: letter, e-mail, phone or none
--   next_date: first day on which a level is due for an item that is not paused
--   language: language of the letter, fr or en
--   item_count: overdue items
--   remind_count: items of the reminder
--   oldest_overdue_days: days overdue of the oldest item
--   overdue_amount: overdue items, currency of the entity
--   credit_amount: open credits, negative, currency of the entity
--   paused_amount: overdue items that are paused, currency of the entity
--   remind_amount: items of the reminder, currency of the entity
--   interest_amount: late interest of these items, currency of the entity
--   fee_amount: recovery fees of these items, currency of the entity
--   claim_amount: items, interest and fees, currency of the entity
--   is_intercompany: the customer belongs to the group
-- decisions: 56, 57, 58
with

dunning as (
    select * from int_dunning
),

customers as (
    select
        counterparty_no,
        min(entity_id) as entity_id,
        min(side) as side,
        min(counterparty_id) as counterparty_id,
        bool_or(is_intercompany) as is_intercompany,
    from int_accounts
    where side = 'customer'
    group by counterparty_no
),

classes as (
    select * from int_collection_classes
),

contacts as (
    select * from int_customer_contacts
),

names as (
    select * from dim_counterparties
),

reminded as (
    select
        entity_id,
        counterparty_id,
        count(*) as remind_count,
        sum(open_amount) as remind_amount,
        sum(interest_amount) as interest_amount,
        sum(fee_amount) as fee_amount,
    from mart_dunning_items
    where is_to_remind
    group by entity_id, counterparty_id
),

final as (
    select
        customers.entity_id,
        customers.side,
        customers.counterparty_id,
        names.counterparty_name,
        names.account_manager,
        classes.segment,
        classes.risk_class,
        dunning.policy_segment,
        dunning.policy_class,
        dunning.status,
        dunning.pause_reason,
        dunning.pause_reasons,
        dunning.reached_level,
        dunning.reached_date,
        dunning.due_level,
        dunning.due_kind,
        dunning.due_channel,
        dunning.next_date,
        contacts.language,
        dunning.item_count,
        coalesce(reminded.remind_count, 0) as remind_count,
        dunning.oldest_overdue_days,
        dunning.overdue_amount,
        dunning.credit_amount,
        dunning.paused_amount,
        cast(coalesce(reminded.remind_amount, 0) as decimal(18, 2)) as remind_amount,
        cast(coalesce(reminded.interest_amount, 0) as decimal(18, 2)) as interest_amount,
        cast(coalesce(reminded.fee_amount, 0) as decimal(18, 2)) as fee_amount,
        cast(
            coalesce(reminded.remind_amount, 0)
            + coalesce(reminded.interest_amount, 0)
            + coalesce(reminded.fee_amount, 0)
            as decimal(18, 2)
        ) as claim_amount,
        customers.is_intercompany,
    from dunning
    inner join customers on customers.counterparty_no = dunning.counterparty_no
    left join classes on classes.counterparty_no = dunning.counterparty_no
    left join contacts on contacts.counterparty_no = dunning.counterparty_no
    left join names
        on names.entity_id = customers.entity_id
        and names.side = customers.side
        and names.counterparty_id = customers.counterparty_id
    left join reminded
        on reminded.entity_id = customers.entity_id
        and reminded.counterparty_id = customers.counterparty_id
)

select * from final
