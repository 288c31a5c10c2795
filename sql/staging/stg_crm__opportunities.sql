-- grain: one row per source and opportunity
-- key: source, opportunity_id
-- question: Which sales may come?
-- materialized: table
-- columns:
--   source: source of the extract
--   opportunity_id: identifier in the CRM
--   crm_id: the account, see crm_accounts
--   name: name
--   stage: stage, in the words of the CRM
--   amount: amount, in currency
--   currency: currency, ISO 4217; null: that of the entity
--   probability_percent: probability, 0 to 100
--   close_date: day on which it is expected to be decided
--   opportunity_type: type, in the words of the CRM
--   lead_source: where it came from
--   is_closed: it is decided; null: told by stage
--   is_won: it is won; null: told by stage
--   owner_id: salesperson who owns it, see crm_users
--   created_on: day it was created
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from crm_opportunities
),

batches as (
    select * from stg_landing__batches
    where dataset = 'crm_opportunities'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        batches.source,
        rows_landed.opportunity_id,
        rows_landed.crm_id,
        rows_landed.name,
        rows_landed.stage,
        rows_landed.amount,
        rows_landed.currency,
        rows_landed.probability_percent,
        rows_landed.close_date,
        rows_landed.opportunity_type,
        rows_landed.lead_source,
        rows_landed.is_closed,
        rows_landed.is_won,
        rows_landed.owner_id,
        rows_landed.created_on,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.source, rows_landed.opportunity_id
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        source,
        opportunity_id,
        crm_id,
        name,
        stage,
        amount,
        currency,
        probability_percent,
        close_date,
        opportunity_type,
        lead_source,
        is_closed,
        is_won,
        owner_id,
        created_on,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
