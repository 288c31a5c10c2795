-- grain: one row per entity, side and counterparty of whom the register or the gazette tells
--   something that weighs, or whose company is known
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: How does a customer or supplier stand before the law?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   siren: SIREN; null where only encours.yaml tells a procedure
--   legal_status: in procedure, closed insolvent, ceased, struck off, accounts late or active; null
--     where nothing of the company is loaded
--   severity: of the worst event that weighs, 0 to 10; null: none does
--   event: the worst event
--   event_date: day of that event
--   procedure_event: latest stage of the open procedure; null: none is open
--   procedure_opened_date: judgment that opened it
--   procedure_published_date: publication of that judgment; null: not told
--   accounts_closing_date: end of the latest fiscal year whose accounts were filed
--   is_accounts_late: later accounts should have been filed
--   is_ceased: the unit has ceased or is struck off the register
-- decisions: 102, 104
with

settings as (
    select * from params
),

keys as (
    select * from int_counterparty_keys
),

identities as (
    select * from int_identities
),

events as (
    select int_legal_status.*
    from int_legal_status
    cross join settings
    where
        int_legal_status.event_date <= settings.as_of
        and (int_legal_status.end_date is null or int_legal_status.end_date > settings.as_of)
),

weighing as (
    select
        entity_id,
        side,
        counterparty_id,
        max(severity) as severity,
        arg_max(event, row(severity, judged_date, event)) as event,
        arg_max(judged_date, row(severity, judged_date, event)) as event_date,
        bool_or(event = 'accounts_late') as is_accounts_late,
        bool_or(event = 'ceased') as is_unit_ceased,
        bool_or(event = 'struck_off') as is_struck_off,
        bool_or(event = 'closed_insolvent') as is_closed_insolvent,
    from events
    group by entity_id, side, counterparty_id
),

insolvencies as (
    select int_insolvencies.*
    from int_insolvencies
    cross join settings
    where
        int_insolvencies.is_open
        and int_insolvencies.known_from <= settings.as_of
        and (int_insolvencies.known_to is null or int_insolvencies.known_to > settings.as_of)
),

procedures as (
    select int_procedures.*
    from int_procedures
    cross join settings
    where
        int_procedures.is_open
        and int_procedures.known_from <= settings.as_of
        and (int_procedures.known_to is null or int_procedures.known_to > settings.as_of)
),

notices as (
    select
        siren,
        max(closing_date) filter (where effect = 'file') as closing_date,
    from int_legal_events
    cross join settings
    where
        published_on <= settings.as_of
        and (superseded_on is null or superseded_on > settings.as_of)
    group by siren
),

units as (
    select siren from stg_sirene__legal_units
    union
    select siren from notices
),

final as (
    select
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        identities.siren,
        case
            when insolvencies.counterparty_no is not null then 'in procedure'
            when weighing.is_closed_insolvent then 'closed insolvent'
            when weighing.is_unit_ceased then 'ceased'
            when weighing.is_struck_off then 'struck off'
            when weighing.is_accounts_late then 'accounts late'
            when units.siren is not null then 'active'
        end as legal_status,
        weighing.severity,
        weighing.event,
        weighing.event_date,
        case when insolvencies.is_listed then 'insolvency'
            when insolvencies.counterparty_no is not null then procedures.event
        end as procedure_event,
        insolvencies.opened_on as procedure_opened_date,
        case when insolvencies.published_on <= settings.as_of then insolvencies.published_on end
            as procedure_published_date,
        notices.closing_date as accounts_closing_date,
        coalesce(weighing.is_accounts_late, false) as is_accounts_late,
        coalesce(weighing.is_unit_ceased or weighing.is_struck_off, false) as is_ceased,
    from keys
    cross join settings
    left join identities on identities.counterparty_no = keys.counterparty_no
    left join weighing
        on weighing.entity_id = keys.entity_id
        and weighing.side = keys.side
        and weighing.counterparty_id = keys.counterparty_id
    left join insolvencies on insolvencies.counterparty_no = keys.counterparty_no
    left join procedures on procedures.siren = identities.siren
    left join notices on notices.siren = identities.siren
    left join units on units.siren = identities.siren
    where identities.siren is not null or weighing.severity is not null
)

select * from final
