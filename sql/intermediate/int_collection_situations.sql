-- grain: one row per customer and situation that asks for something at the as-of date
-- key: counterparty_no, situation
-- question: What about a customer asks for something to be done?
-- materialized: view
-- columns:
--   counterparty_no: customer, see int_accounts
--   situation: claim, dispute, promise broken, promise due, follow up, legal case due, letter due,
--     call due or overdue
--   situation_amount: amount that it is about, currency of the entity
--   situation_days: days since it holds; for a claim days left; for a promise days since the
--     promised date
--   situation_count: disputes, promises or items behind it
-- decisions: 58
with

settings as (
    select * from params
),

customers as (
    select * from int_customer_codes
),

dunning as (
    select * from int_dunning
),

dunning_items as (
    select * from int_dunning_items
),

last_actions as (
    select
        counterparty_no,
        action_date,
        next_action_date,
    from (
        select
            counterparty_no,
            action_date,
            next_action_date,
            row_number() over (
                partition by counterparty_no order by action_date desc, action_id desc, item_key
            ) as rank_no,
        from int_collection_actions
        where counterparty_no is not null
    )
    where rank_no = 1
),

-- a dispute asks for an answer while something is open of its document, or none is named
open_documents as (
    select
        documents.entity_no,
        documents.counterparty_id,
        documents.document_id,
        sum(open_items.open_amount) as open_amount,
    from int_document_items as documents
    inner join int_open_items as open_items on open_items.item_key = documents.item_key
    group by documents.entity_no, documents.counterparty_id, documents.document_id
),

disputes as (
    select
        customers.counterparty_no,
        sum(case
            when disputes.item_key is null then coalesce(disputes.disputed_amount, 0)
            else least(coalesce(disputes.disputed_amount, open_documents.open_amount),
                open_documents.open_amount)
        end) as situation_amount,
        max(cast(settings.as_of - disputes.opened_date as integer)) as situation_days,
        count(*) as situation_count,
    from int_disputes as disputes
    cross join settings
    inner join customers
        on customers.entity_no = disputes.entity_no
        and customers.counterparty_code = upper(trim(disputes.counterparty_id))
    left join open_documents
        on open_documents.entity_no = disputes.entity_no
        and open_documents.counterparty_id = disputes.counterparty_id
        and open_documents.document_id = disputes.document_id
    where
        disputes.is_open
        and (disputes.item_key is null or open_documents.open_amount > 0)
    group by customers.counterparty_no
),

-- of the promises about one document or account the last one counts
promises as (
    select
        customers.counterparty_no,
        customers.entity_no,
        promises.*,
        cast(settings.as_of - promises.promised_date as integer) as promise_days,
        promises.due_amount - promises.received_amount as missing_amount,
        row_number() over (
            partition by customers.counterparty_no, coalesce(promises.document_ref, '')
            order by promises.made_date desc, promises.promised_date, promises.promise_id
        ) as rank_no,
        max(promises.made_date) over (
            partition by customers.counterparty_no, coalesce(promises.document_ref, '')
        ) as last_made_date,
    from int_promises as promises
    cross join settings
    inner join customers
        on customers.entity_id = promises.entity_id
        and customers.counterparty_code = upper(trim(promises.counterparty_id))
),

-- a broken promise matters while its document, or for the account anything, is overdue
promised_items as (
    select distinct
        promises.entity_id,
        promises.promise_id,
    from promises
    inner join int_document_items as documents
        on documents.entity_no = promises.entity_no
        and documents.counterparty_id = promises.counterparty_id
        and documents.document_id = promises.document_ref
),

overdue_roots as (
    select distinct coalesce(roots.root_key, dunning_items.item_key) as root_key
    from dunning_items
    left join int_item_roots as roots on roots.item_key = dunning_items.item_key
),

overdue_items as (
    select distinct
        promises.entity_id,
        promises.promise_id,
    from promises
    inner join int_document_items as documents
        on documents.entity_no = promises.entity_no
        and documents.counterparty_id = promises.counterparty_id
        and documents.document_id = promises.document_ref
    inner join overdue_roots on overdue_roots.root_key = documents.item_key
),

broken as (
    select
        promises.counterparty_no,
        sum(promises.missing_amount) as situation_amount,
        max(promises.promise_days) as situation_days,
        count(*) as situation_count,
    from promises
    left join promised_items
        on promised_items.entity_id = promises.entity_id
        and promised_items.promise_id = promises.promise_id
    left join overdue_items
        on overdue_items.entity_id = promises.entity_id
        and overdue_items.promise_id = promises.promise_id
    inner join dunning on dunning.counterparty_no = promises.counterparty_no
    where
        promises.status = 'broken'
        and promises.made_date = promises.last_made_date
        and (promised_items.promise_id is null or overdue_items.promise_id is not null)
    group by promises.counterparty_no
),

due_promises as (
    select
        counterparty_no,
        sum(missing_amount) as situation_amount,
        max(promise_days) as situation_days,
        count(*) as situation_count,
    from promises
    where status = 'open' and promise_days >= 0
    group by counterparty_no
),

claims as (
    select
        cases.counterparty_no,
        cases.principal_amount + cases.interest_amount + cases.fee_amount as situation_amount,
        cast(cases.deadline_date - settings.as_of as integer) as situation_days,
    from int_legal_cases as cases
    cross join settings
    where
        cases.case_type = 'procedure'
        and cases.declared_date is null
        and cases.principal_amount > 0
        and cases.deadline_date >= settings.as_of
),

-- who has as much in open credits owes nothing: the credits are to be matched first
unpaused as (
    select
        dunning_items.counterparty_no,
        sum(dunning_items.open_amount) as situation_amount,
        max(dunning_items.overdue_days) as situation_days,
        count(*) as situation_count,
    from dunning_items
    inner join dunning on dunning.counterparty_no = dunning_items.counterparty_no
    where
        dunning_items.pause_reason is null
        and dunning.overdue_amount + dunning.credit_amount > 0
    group by dunning_items.counterparty_no
),

-- who said when to act again is taken at his word
final as (
    select
        counterparty_no,
        'claim' as situation,
        cast(situation_amount as decimal(18, 2)) as situation_amount,
        situation_days,
        1 as situation_count,
    from claims
    union all
    select
        counterparty_no,
        'dispute',
        cast(situation_amount as decimal(18, 2)),
        situation_days,
        cast(situation_count as integer),
    from disputes
    union all
    select
        counterparty_no,
        'promise broken',
        cast(situation_amount as decimal(18, 2)),
        situation_days,
        cast(situation_count as integer),
    from broken
    union all
    select
        counterparty_no,
        'promise due',
        cast(situation_amount as decimal(18, 2)),
        situation_days,
        cast(situation_count as integer),
    from due_promises
    union all
    select
        unpaused.counterparty_no,
        'follow up',
        cast(unpaused.situation_amount as decimal(18, 2)),
        cast(settings.as_of - last_actions.next_action_date as integer),
        cast(unpaused.situation_count as integer),
    from unpaused
    cross join settings
    inner join last_actions on last_actions.counterparty_no = unpaused.counterparty_no
    where
        last_actions.next_action_date > last_actions.action_date
        and last_actions.next_action_date <= settings.as_of
    union all
    select
        counterparty_no,
        case due_kind
            when 'legal case' then 'legal case due'
            when 'call' then 'call due'
            else 'letter due'
        end,
        ready_amount,
        oldest_overdue_days,
        cast(ready_count as integer),
    from dunning
    where status = 'due'
    union all
    select
        unpaused.counterparty_no,
        'overdue',
        cast(unpaused.situation_amount as decimal(18, 2)),
        unpaused.situation_days,
        cast(unpaused.situation_count as integer),
    from unpaused
    cross join settings
    left join last_actions on last_actions.counterparty_no = unpaused.counterparty_no
    where
        last_actions.next_action_date is null
        or last_actions.next_action_date <= settings.as_of
)

select * from final
