-- grain: one row per source and case
-- key: source, case_id
-- question: What do customers complain of or ask?
-- materialized: table
-- columns:
--   source: source of the extract
--   case_id: identifier in the CRM, else the number of the case
--   case_number: number that people quote
--   crm_id: the account, see crm_accounts
--   subject: subject
--   status: status, in the words of the CRM
--   priority: priority, in the words of the CRM
--   origin: channel by which it came
--   reason: reason, in the words of the CRM
--   case_type: type, in the words of the CRM
--   document_ref: the disputed invoice, where the CRM keeps it
--   amount: disputed amount, where the CRM keeps it
--   opened_on: day it was opened
--   closed_on: day it was closed
--   is_closed: it is closed; null: told by closed_on
--   owner_id: who handles it, see crm_users
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from crm_cases
),

batches as (
    select * from stg_landing__batches
    where dataset = 'crm_cases'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        batches.source,
        rows_landed.case_id,
        rows_landed.case_number,
        rows_landed.crm_id,
        rows_landed.subject,
        rows_landed.status,
        rows_landed.priority,
        rows_landed.origin,
        rows_landed.reason,
        rows_landed.case_type,
        rows_landed.document_ref,
        rows_landed.amount,
        rows_landed.opened_on,
        rows_landed.closed_on,
        rows_landed.is_closed,
        rows_landed.owner_id,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.source, rows_landed.case_id
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        source,
        case_id,
        case_number,
        crm_id,
        subject,
        status,
        priority,
        origin,
        reason,
        case_type,
        document_ref,
        amount,
        opened_on,
        closed_on,
        is_closed,
        owner_id,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
