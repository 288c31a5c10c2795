-- grain: one row per entity and promise that was made by the as-of date
-- key: entity_id, promise_id
-- sort: entity_id, counterparty_id, promise_id
-- question: Which promises to pay were kept, which were broken, and which are still open?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   promise_id: identifier of the promise
--   counterparty_id: code of the customer
--   document_ref: the promised document as the extract gives it; null: the account
--   made_date: day on which it was made; 30 days before the promised date where the extract does
--     not tell
--   promised_date: day by which payment was promised
--   deadline_date: the second business day after it: until then the promise can be kept
--   promised_amount: promised amount, currency of the entity
--   due_amount: the same and what the same plan (same document or account, made on the same day)
--     promised for earlier days: the cash that must have come, currency of the entity
--   received_amount: cash received on the document or account from the day it was made until the
--     deadline, or the as-of date if that is earlier, currency of the entity
--   status: kept, broken or open
--   is_due: the deadline has passed: it counts in the ratio of promises kept
-- decisions: 44
with

promises as (
    select * from int_promises
),

final as (
    select
        entity_id,
        promise_id,
        counterparty_id,
        document_ref,
        made_date,
        promised_date,
        deadline_date,
        promised_amount,
        due_amount,
        received_amount,
        status,
        is_due,
    from promises
)

select * from final
