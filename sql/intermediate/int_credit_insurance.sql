-- grain: one row per entity, customer and day from which a cover counts
-- key: entity_id, counterparty_id, valid_from
-- question: What does a credit insurer cover of a customer, and since when?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   valid_from: first day of the cover
--   valid_to: first day without it, null while it lasts
--   cover_amount: limit of the insurer, currency of the entity
--   quota_ratio: share of a loss that the insurer pays, 0 to 1
--   declaration_days: days overdue after which the cover is void unless the claim was declared;
--     null: never
-- decisions: 16, 60, 111
with

parts as (
    select * from int_covers
    where is_counted
),

-- several policies: a row begins whenever one of them begins or ends
days as (
    select
        counterparty_no,
        valid_from as day,
    from parts
    union
    select
        counterparty_no,
        valid_to as day,
    from parts
    where valid_to is not null
),

spans as (
    select
        counterparty_no,
        day as valid_from,
        lead(day) over (partition by counterparty_no order by day) as valid_to,
    from days
),

-- fans out on purpose: every cover that holds in a span
added as (
    select
        spans.counterparty_no,
        spans.valid_from,
        spans.valid_to,
        sum(parts.cover_amount) as cover_amount,
        sum(parts.cover_amount * parts.quota_ratio) as paid_amount,
        min(parts.quota_ratio) as least_quota_ratio,
        min(parts.declaration_days) as declaration_days,
    from spans
    inner join parts
        on parts.counterparty_no = spans.counterparty_no
        and parts.valid_from <= spans.valid_from
        and (parts.valid_to is null or parts.valid_to > spans.valid_from)
    group by spans.counterparty_no, spans.valid_from, spans.valid_to
),

final as (
    select
        keys.entity_id,
        keys.counterparty_id,
        added.valid_from,
        added.valid_to,
        cast(added.cover_amount as decimal(18, 2)) as cover_amount,
        cast(case
            when added.cover_amount > 0 then added.paid_amount / added.cover_amount
            else added.least_quota_ratio
        end as decimal(5, 4)) as quota_ratio,
        added.declaration_days,
    from added
    inner join int_counterparty_keys as keys on keys.counterparty_no = added.counterparty_no
)

select * from final
