-- grain: one row per entity, side, counterparty and change of its company
-- key: entity_id, side, counterparty_id, kind, change_date, subject
-- sort: entity_id, side, known_date desc, counterparty_id, kind, subject
-- question: What has changed about the companies of our customers and suppliers?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   counterparty_name: its name
--   kind: address, legal_form, activity, headcount, manager, name, business_sold, business_leased,
--     merged, moved, closed, procedure, accounts_late or accounts_confidential
--   change_date: day of the change; where only extracts tell it, the day of the extract
--   known_date: first day on which it could be known: its publication, the day of the extract
--   subject: notice, or what is new: tells changes of one kind and day apart
--   old_value: what was before; null where it is not told
--   new_value: what is now: a code, a place, or the words of the notice
--   source: sirene or bodacc
--   url: page of the notice; null where there is none
--   is_intercompany: the counterparty belongs to the group
-- decisions: 101, 105
with

settings as (
    select * from params
),

changes as (
    select int_company_changes.*
    from int_company_changes
    cross join settings
    where
        int_company_changes.known_date <= settings.as_of
        and int_company_changes.change_date <= settings.as_of
        and (
            int_company_changes.ended_date is null
            or int_company_changes.ended_date > settings.as_of
        )
),

keys as (
    select * from int_counterparty_keys
),

counterparties as (
    select * from dim_counterparties
),

final as (
    select
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        counterparties.counterparty_name,
        changes.kind,
        changes.change_date,
        changes.known_date,
        changes.subject,
        changes.old_value,
        changes.new_value,
        changes.source,
        changes.url,
        coalesce(counterparties.is_intercompany, false) as is_intercompany,
    from changes
    inner join keys on keys.counterparty_no = changes.counterparty_no
    left join counterparties
        on counterparties.entity_id = keys.entity_id
        and counterparties.side = keys.side
        and counterparties.counterparty_id = keys.counterparty_id
)

select * from final
