-- grain: one row per customer, policy and first day of a cover
-- key: counterparty_no, policy_id, valid_from
-- question: Which cover of which policy holds for a customer, and until when?
-- materialized: table
-- columns:
--   counterparty_no: rank of the customer
--   policy_id: policy
--   siren: SIREN that the cover names; empty where it names the customer by its code
--   valid_from: first day of the cover
--   valid_to: first day without it: the day after its last one, or the next cover of the policy;
--     null while it lasts
--   cover_status: granted, reduced, refused, cancelled or expired
--   cover_amount: limit of the insurer, 0 where it is refused, or cancelled or expired without a
--     last day; of a SIREN with several customers in the entity an equal share
--   limit_amount: limit as the insurer gives it
--   currency: currency of the limit
--   quota_ratio: share of a loss that the insurer pays, 0 to 1
--   declaration_days: days overdue after which the cover is void unless the claim was declared;
--     null: never
--   requested_amount: limit that was asked for
--   reason: why it was reduced or refused
--   is_counted: the limit is in the currency of the entity
-- decisions: 111
with

covers as (
    select
        *,
        case
            when regexp_matches(regexp_replace(siren, '[^0-9]', '', 'g'), '^[0-9]{8,9}$')
                then lpad(regexp_replace(siren, '[^0-9]', '', 'g'), 9, '0')
        end as siren_key,
    from stg_insurers__covers
),

entities as (
    select * from project_entities
),

-- a limit is granted once to a company, however many codes it has
identities as (
    select
        *,
        count(*) over (partition by entity_id, siren) as code_count,
    from int_identities
    where side = 'customer'
),

any_rules as (
    select * from ref_insurance_rules
    where policy_id = '*'
),

-- a code goes before a SIREN, which may stand for several customers of the entity
linked as (
    select
        codes.counterparty_no,
        '' as siren_named,
        1 as code_count,
        covers.*,
    from covers
    inner join int_customer_codes as codes
        on codes.entity_no = covers.entity_no
        and codes.counterparty_code = upper(trim(covers.counterparty_id))
    union all
    select
        identities.counterparty_no,
        covers.siren_key as siren_named,
        identities.code_count,
        covers.*,
    from covers
    inner join identities
        on identities.entity_id = covers.entity_id
        and identities.siren = covers.siren_key
    where covers.counterparty_id is null
),

-- of two covers of a policy that begin on one day the one by code counts, else the later line
ranked as (
    select
        *,
        row_number() over (
            partition by counterparty_no, policy_id, valid_from
            order by siren_named, batch_no desc, source_line desc
        ) as place_no,
    from linked
),

spans as (
    select
        *,
        lead(valid_from) over (
            partition by counterparty_no, policy_id order by valid_from
        ) as next_from,
        case
            when cover_status is not null then cover_status
            when limit_amount = 0 then 'refused'
            when limit_amount < requested_amount then 'reduced'
            else 'granted'
        end as status,
    from ranked
    where place_no = 1
),

final as (
    select
        spans.counterparty_no,
        spans.policy_id,
        spans.siren_named as siren,
        spans.valid_from,
        least(spans.valid_to + 1, spans.next_from) as valid_to,
        spans.status as cover_status,
        cast(case
            when spans.status = 'refused' then 0
            when spans.status in ('cancelled', 'expired') and spans.valid_to is null then 0
            else greatest(0, spans.limit_amount) / spans.code_count
        end as decimal(18, 2)) as cover_amount,
        spans.limit_amount,
        coalesce(spans.currency, entities.currency) as currency,
        coalesce(spans.quota_ratio, own_rules.quota_ratio, any_rules.quota_ratio) as quota_ratio,
        coalesce(
            spans.declaration_days,
            case when own_rules.policy_id is not null then own_rules.declaration_days
                else any_rules.declaration_days end
        ) as declaration_days,
        spans.requested_amount,
        spans.reason,
        coalesce(spans.currency, entities.currency) = entities.currency as is_counted,
    from spans
    inner join entities on entities.entity_no = spans.entity_no
    cross join any_rules
    left join ref_insurance_rules as own_rules on own_rules.policy_id = spans.policy_id
    where spans.valid_to is null or spans.valid_to >= spans.valid_from
)

select * from final
