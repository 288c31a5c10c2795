-- grain: one row per entity, policy, customer and first day
-- key: entity_no, policy_id, counterparty_id, siren, valid_from
-- question: What do credit insurers cover?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   policy_id: policy
--   counterparty_id: code of the customer; null: told by siren
--   siren: SIREN of the customer, 9 digits
--   limit_amount: insured limit, in currency; 0: refused
--   currency: currency, ISO 4217; null: that of the entity
--   quota_ratio: share of a loss that is paid, 0 to 1; null: not told
--   valid_from: first day of the cover
--   valid_to: last day of the cover; null: it lasts
--   cover_status: what became of the request
--   declaration_days: days overdue after which a claim must be declared
--   requested_amount: limit that was asked for, in currency
--   reason: why it was reduced or refused
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from credit_insurance
),

batches as (
    select * from stg_landing__batches
    where dataset = 'credit_insurance'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.policy_id,
        rows_landed.counterparty_id,
        rows_landed.siren,
        rows_landed.limit_amount,
        rows_landed.currency,
        rows_landed.quota_ratio,
        rows_landed.valid_from,
        rows_landed.valid_to,
        rows_landed.cover_status,
        rows_landed.declaration_days,
        rows_landed.requested_amount,
        rows_landed.reason,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by
                batches.entity_no,
                rows_landed.policy_id,
                rows_landed.counterparty_id,
                rows_landed.siren,
                rows_landed.valid_from
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
    where batches.entity_no is not null
),

final as (
    select
        entity_no,
        entity_id,
        policy_id,
        counterparty_id,
        siren,
        limit_amount,
        currency,
        quota_ratio,
        valid_from,
        valid_to,
        cover_status,
        declaration_days,
        requested_amount,
        reason,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
