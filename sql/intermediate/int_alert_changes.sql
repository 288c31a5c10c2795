-- grain: one row per counterparty and change of its company that a rule tells
-- key: counterparty_no, rule, subject
-- question: Which changes of a company has a credit manager to look at?
-- materialized: view
-- columns:
--   counterparty_no: customer or supplier
--   rule: ADDRESS_CHANGE, OWNER_CHANGE, LEGAL_FORM_CHANGE, ACTIVITY_CHANGE, BUSINESS_SOLD, MERGED,
--     ACCOUNTS_LATE or ACCOUNTS_CONFIDENTIAL
--   measure: event
--   subject: kind, day and what is new, for the key of the alert
--   about: what is new, as people read it
--   value_unit: event
--   old_value: null
--   new_value: null
--   at_stake_amount: what is open, currency of the entity
--   event_date: day of the change
-- decisions: 80, 106
with

settings as (
    select * from params
),

rules as (
    select * from ref_alert_rules
    where is_enabled
),

balances as (
    select * from int_score_balances
    where month_no = 0
),

kinds as (
    select
        unnest([
            'address', 'manager', 'legal_form', 'activity', 'business_sold', 'business_leased',
            'merged', 'accounts_late', 'accounts_confidential'
        ]) as kind,
        unnest([
            'ADDRESS_CHANGE', 'OWNER_CHANGE', 'LEGAL_FORM_CHANGE', 'ACTIVITY_CHANGE',
            'BUSINESS_SOLD', 'BUSINESS_SOLD', 'MERGED', 'ACCOUNTS_LATE', 'ACCOUNTS_CONFIDENTIAL'
        ]) as rule,
),

final as (
    select
        changes.counterparty_no,
        rules.rule,
        rules.measure,
        changes.kind || ' ' || cast(changes.change_date as varchar) || ' ' || changes.subject
            as subject,
        changes.new_value as about,
        'event' as value_unit,
        cast(null as decimal(20, 4)) as old_value,
        cast(null as decimal(20, 4)) as new_value,
        cast(coalesce(balances.gross_amount, 0) as decimal(18, 2)) as at_stake_amount,
        changes.change_date as event_date,
    from int_company_changes as changes
    cross join settings
    inner join kinds on kinds.kind = changes.kind
    inner join rules on rules.rule = kinds.rule
    left join balances on balances.counterparty_no = changes.counterparty_no
    where
        changes.known_date <= settings.as_of
        and (changes.ended_date is null or changes.ended_date > settings.as_of)
        and (
            rules.window_days is null
            or settings.as_of - changes.known_date < rules.window_days
        )
)

select * from final
