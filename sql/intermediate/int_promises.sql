-- grain: one row per entity and promise that was made by the as-of date
-- key: entity_id, promise_id
-- question: Which promises to pay were kept, which were broken, and which are still open?
-- materialized: view
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

settings as (
    select * from params
),

promises as (
    select
        stg_erp__promises.*,
        coalesce(stg_erp__promises.document_id, '') as document_key,
        coalesce(stg_erp__promises.made_on, stg_erp__promises.promised_date - 30) as made_date,
        settings.as_of,
    from stg_erp__promises
    cross join settings
    where
        coalesce(stg_erp__promises.made_on, stg_erp__promises.promised_date - 30)
        <= settings.as_of
),

receipts as (
    select * from int_promise_receipts
),

next_days as (
    select
        promised_date,
        unnest(range(1, 21)) as day_no,
    from (select distinct promised_date from promises)
),

-- Mondays to Fridays that are no holidays, counted from the day after the promised one
business_days as (
    select
        next_days.promised_date,
        next_days.promised_date + cast(next_days.day_no as integer) as business_date,
        row_number() over (
            partition by next_days.promised_date order by next_days.day_no
        ) as business_day_no,
    from next_days
    anti join ref_holidays
        on ref_holidays.holiday_date
        = next_days.promised_date + cast(next_days.day_no as integer)
    where isodow(next_days.promised_date + cast(next_days.day_no as integer)) <= 5
),

planned as (
    select
        promises.*,
        business_days.business_date as deadline_date,
        sum(promises.amount) over (
            partition by
                promises.entity_no,
                promises.counterparty_id,
                promises.document_key,
                promises.made_date
            order by promises.promised_date, promises.promise_id
        ) as due_amount,
    from promises
    inner join business_days
        on business_days.promised_date = promises.promised_date
        and business_days.business_day_no = 2
),

received as (
    select
        planned.entity_no,
        planned.promise_id,
        sum(receipts.amount) as received_amount,
    from planned
    inner join receipts
        on receipts.entity_no = planned.entity_no
        and receipts.counterparty_id = planned.counterparty_id
        and receipts.document_id = planned.document_key
        and receipts.receipt_date >= planned.made_date
        and receipts.receipt_date <= least(planned.deadline_date, planned.as_of)
    group by planned.entity_no, planned.promise_id
),

final as (
    select
        planned.entity_id,
        planned.promise_id,
        planned.counterparty_id,
        planned.document_id as document_ref,
        planned.made_date,
        planned.promised_date,
        planned.deadline_date,
        planned.amount as promised_amount,
        cast(planned.due_amount as decimal(18, 2)) as due_amount,
        cast(coalesce(received.received_amount, 0) as decimal(18, 2)) as received_amount,
        case
            when coalesce(received.received_amount, 0) >= planned.due_amount then 'kept'
            when planned.as_of > planned.deadline_date then 'broken'
            else 'open'
        end as status,
        planned.as_of > planned.deadline_date as is_due,
    from planned
    left join received
        on received.entity_no = planned.entity_no
        and received.promise_id = planned.promise_id
)

select * from final
