-- grain: one row per customer, policy and day on which a cover became less
-- key: counterparty_no, rule, subject
-- question: Of whom did a credit insurer reduce, refuse, cancel or let expire the cover?
-- materialized: view
-- columns:
--   counterparty_no: customer
--   rule: INSURER_LIMIT_CUT
--   measure: event
--   subject: policy, day and what happened, for the key of the alert
--   about: the policy
--   value_unit: amount
--   old_value: cover before, currency of the entity; null: none
--   new_value: cover since then
--   at_stake_amount: what is open, currency of the entity
--   event_date: first day of the lesser cover
-- decisions: 80, 111
with

settings as (
    select * from params
),

rules as (
    select * from ref_alert_rules
    where is_enabled and rule = 'INSURER_LIMIT_CUT'
),

balances as (
    select * from int_score_balances
    where month_no = 0
),

covers as (
    select
        *,
        lag(cover_amount) over before as amount_before,
        lag(valid_to) over before as end_before,
        lead(valid_from) over before as next_from,
    from int_covers
    where is_counted
    window before as (partition by counterparty_no, policy_id order by valid_from)
),

changes as (
    select
        counterparty_no,
        policy_id,
        valid_from as event_date,
        cover_status as kind,
        case when end_before = valid_from then amount_before end as old_amount,
        cover_amount as new_amount,
    from covers
    where
        (end_before = valid_from and cover_amount < amount_before)
        or (cover_status = 'refused' and amount_before is null)
    union all
    select
        counterparty_no,
        policy_id,
        valid_to as event_date,
        'expired' as kind,
        cover_amount as old_amount,
        0 as new_amount,
    from covers
    where
        valid_to is not null
        and cover_amount > 0
        and (next_from is null or next_from > valid_to)
),

final as (
    select
        changes.counterparty_no,
        rules.rule,
        rules.measure,
        changes.policy_id || ' ' || cast(changes.event_date as varchar) || ' ' || changes.kind
            as subject,
        changes.policy_id as about,
        'amount' as value_unit,
        cast(changes.old_amount as decimal(20, 4)) as old_value,
        cast(changes.new_amount as decimal(20, 4)) as new_value,
        cast(coalesce(balances.gross_amount, 0) as decimal(18, 2)) as at_stake_amount,
        changes.event_date,
    from changes
    cross join settings
    cross join rules
    left join balances on balances.counterparty_no = changes.counterparty_no
    where
        changes.event_date <= settings.as_of
        and settings.as_of - changes.event_date < rules.window_days
)

select * from final
