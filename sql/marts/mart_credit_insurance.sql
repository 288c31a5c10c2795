-- grain: one row per customer, policy and first day of a cover up to the as-of date
-- key: entity_id, counterparty_id, policy_id, valid_from_date
-- sort: entity_id, counterparty_id, valid_from_date
-- question: What does a credit insurer cover of a customer, and what became of it?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: always customer
--   counterparty_id: code of the customer
--   policy_id: policy
--   valid_from_date: first day of the cover
--   valid_to_date: last day of the cover, before the next one of the policy; null while it lasts
--   cover_status: granted, reduced, refused, cancelled or expired
--   cover_amount: limit that counts for this customer, in currency
--   limit_amount: limit as the insurer gives it, in currency
--   requested_amount: limit that was asked for, in currency
--   currency: currency of the limit
--   quota_ratio: share of a loss that the insurer pays, 0 to 1
--   declaration_days: days overdue after which the cover is void unless the claim was declared;
--     null: never
--   reason: why it was reduced or refused
--   siren: SIREN by which the cover names the customer; null: by its code
--   is_in_force: it holds at the as-of date
--   is_counted: its currency is that of the entity; else it is in no figure
-- decisions: 111
with

settings as (
    select * from params
),

final as (
    select
        keys.entity_id,
        'customer' as side,
        keys.counterparty_id,
        covers.policy_id,
        covers.valid_from as valid_from_date,
        cast(covers.valid_to - 1 as date) as valid_to_date,
        covers.cover_status,
        covers.cover_amount,
        covers.limit_amount,
        covers.requested_amount,
        covers.currency,
        covers.quota_ratio,
        covers.declaration_days,
        covers.reason,
        nullif(covers.siren, '') as siren,
        covers.valid_to is null or covers.valid_to > settings.as_of as is_in_force,
        covers.is_counted,
    from int_covers as covers
    cross join settings
    inner join int_counterparty_keys as keys on keys.counterparty_no = covers.counterparty_no
    where covers.valid_from <= settings.as_of
)

select * from final
