-- grain: one row per customer and event of BROKEN_PROMISE, PAYMENT_REJECT, DISPUTE_OPENED and
--   DISPUTE_LONG that fits
-- key: counterparty_no, rule, subject
-- question: Which promises were broken, which payments came back, which disputes are new or old?
-- materialized: view
-- columns:
--   counterparty_no: customer
--   rule: BROKEN_PROMISE, PAYMENT_REJECT, DISPUTE_OPENED or DISPUTE_LONG
--   measure: event or open_days
--   subject: promise, payment or dispute, for the key of the alert
--   about: the same as people name it
--   value_unit: amount or days
--   old_value: promised amount; null for the others
--   new_value: what came of it, what came back, what is disputed, days that a dispute is open
--   at_stake_amount: what did not come, what came back, what is disputed, currency of the entity
--   event_date: first day after the deadline, day of the entry, day the dispute was opened
-- decisions: 44, 80, 84
with

settings as (
    select * from params
),

rules as (
    select * from ref_alert_rules
    where is_enabled
),

customers as (
    select * from int_customer_codes
),

accounts as (
    select
        account_key,
        counterparty_no,
    from int_accounts
    where side = 'customer'
),

promises as (
    select
        *,
        cast(deadline_date + 1 as date) as broken_date,
        least(promised_amount, due_amount - received_amount) as missing_amount,
    from int_promises
    where status = 'broken'
),

disputes as (
    select * from int_disputes
    where is_open
),

items as not materialized (
    select * from int_items
),

rejects as (
    select
        accounts.counterparty_no,
        coalesce(items.document_ref, '') as document_ref,
        items.movement_date,
        sum(items.amount) as amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    cross join settings
    where
        items.item_type = 'payment_reject'
        and items.amount > 0
        and items.movement_date <= settings.as_of
    group by accounts.counterparty_no, coalesce(items.document_ref, ''), items.movement_date
),

found as (
    select
        customers.counterparty_no,
        'BROKEN_PROMISE' as rule,
        promises.promise_id as subject,
        promises.promise_id as about,
        'amount' as value_unit,
        promises.promised_amount as old_value,
        promises.promised_amount - promises.missing_amount as new_value,
        promises.missing_amount as at_stake_amount,
        promises.broken_date as event_date,
    from promises
    inner join customers
        on customers.entity_id = promises.entity_id
        and customers.counterparty_code = upper(trim(promises.counterparty_id))
    union all
    select
        counterparty_no,
        'PAYMENT_REJECT' as rule,
        document_ref || ' ' || cast(movement_date as varchar) as subject,
        document_ref as about,
        'amount' as value_unit,
        null as old_value,
        amount as new_value,
        amount as at_stake_amount,
        movement_date as event_date,
    from rejects
    union all
    select
        customers.counterparty_no,
        'DISPUTE_OPENED' as rule,
        disputes.dispute_id as subject,
        disputes.dispute_id as about,
        'amount' as value_unit,
        null as old_value,
        disputes.weight_amount as new_value,
        disputes.weight_amount as at_stake_amount,
        disputes.opened_date as event_date,
    from disputes
    inner join customers
        on customers.entity_no = disputes.entity_no
        and customers.counterparty_code = upper(trim(disputes.counterparty_id))
    union all
    select
        customers.counterparty_no,
        'DISPUTE_LONG' as rule,
        disputes.dispute_id as subject,
        disputes.dispute_id as about,
        'days' as value_unit,
        null as old_value,
        cast(settings.as_of - disputes.opened_date as integer) as new_value,
        disputes.weight_amount as at_stake_amount,
        disputes.opened_date as event_date,
    from disputes
    cross join settings
    inner join customers
        on customers.entity_no = disputes.entity_no
        and customers.counterparty_code = upper(trim(disputes.counterparty_id))
),

final as (
    select
        found.counterparty_no,
        found.rule,
        rules.measure,
        found.subject,
        found.about,
        found.value_unit,
        cast(found.old_value as decimal(20, 4)) as old_value,
        cast(found.new_value as decimal(20, 4)) as new_value,
        cast(found.at_stake_amount as decimal(18, 2)) as at_stake_amount,
        found.event_date,
    from found
    cross join settings
    inner join rules
        on rules.rule = found.rule
        and (rules.measure = 'event' or found.new_value >= rules.threshold)
        and (
            rules.window_days is null
            or settings.as_of - found.event_date < rules.window_days
        )
)

select * from final
