-- grain: one row per entity, side, counterparty, date and event
-- key: entity_id, side, counterparty_id, event_date, event
-- question: Which legal events weigh on a counterparty, and how much?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   event_date: day from which the event counts: that of its publication
--   end_date: first day on which it does not count any more, null while it does
--   event: name of the event; ceased and struck_off are names that ref_scorecard_overrides knows
--   severity: 0 to 10, 10 is worst
--   judged_date: day of the judgment or of the event itself
--   nature: as the notice writes it, else the name of the event
-- decisions: 85, 100, 101, 102, 103, 104
with

identities as (
    select * from int_identities
),

keys as (
    select * from int_counterparty_keys
),

natures as (
    select * from ref_legal_natures
),

events as (
    select * from int_legal_events
),

procedures as (
    select
        siren,
        known_from as event_date,
        case
            when known_to is null then weighs_to
            else least(known_to, coalesce(weighs_to, known_to))
        end as end_date,
        event,
        severity,
        stage_date as judged_date,
        nature,
    from int_procedures
),

-- a new registration ends what struck the company off
registered as (
    select
        struck.notice_id,
        min(again.published_on) as registered_on,
    from events as struck
    inner join events as again
        on again.siren = struck.siren
        and again.published_on > struck.published_on
    where struck.effect = 'strike' and again.effect = 'register'
    group by struck.notice_id
),

alone as (
    select
        events.siren,
        events.published_on as event_date,
        least(
            coalesce(events.superseded_on, date '9999-12-31'),
            coalesce(registered.registered_on, date '9999-12-31'),
            coalesce(
                cast(events.first_published_on + to_months(events.months) as date),
                date '9999-12-31'
            )
        ) as end_date,
        events.event,
        events.severity,
        coalesce(events.event_date, events.first_published_on) as judged_date,
        events.nature,
    from events
    left join registered
        on registered.notice_id = events.notice_id
        and events.effect = 'strike'
    where events.effect in ('strike', 'register', 'change', 'mark')
),

-- accounts filed: when the next ones were to be there
filed as (
    select
        siren,
        closing_date,
        min(published_on) as filed_on,
    from events
    where effect = 'file' and closing_date is not null
    group by siren, closing_date
),

-- what is not loaded is no proof that nothing was filed
loaded as (
    select max(published_on) as loaded_to
    from events
    where effect = 'file'
),

expected as (
    select
        filed.siren,
        filed.closing_date,
        filed.filed_on,
        cast(filed.closing_date + to_months(12 + natures.months) as date) + 1 as late_on,
        min(later.filed_on) as next_filed_on,
        natures.event,
        natures.severity,
        natures.label_fr as nature,
    from filed
    inner join natures on natures.effect = 'late'
    left join filed as later
        on later.siren = filed.siren
        and later.closing_date > filed.closing_date
    group by all
),

late as (
    select
        expected.siren,
        greatest(expected.late_on, expected.filed_on) as event_date,
        expected.next_filed_on as end_date,
        expected.event,
        expected.severity,
        expected.late_on as judged_date,
        expected.nature,
    from expected
    cross join loaded
    where expected.late_on <= loaded.loaded_to
),

ceased as (
    select
        siren,
        state_since as event_date,
        cast(null as date) as end_date,
    from stg_sirene__legal_units
    where legal_state = 'C' and state_since is not null
    union
    select
        siren,
        valid_from as event_date,
        valid_to as end_date,
    from stg_sirene__legal_unit_periods
    where legal_state = 'C' and valid_to is not null
),

companies as (
    select * from procedures
    union all
    select * from alone
    union all
    select * from late
    union all
    select
        ceased.siren,
        ceased.event_date,
        ceased.end_date,
        natures.event,
        natures.severity,
        ceased.event_date as judged_date,
        natures.label_fr as nature,
    from ceased
    inner join natures on natures.effect = 'cease'
),

-- the list of encours.yaml does not tell which procedure it is: that of a judgment, 8
told as (
    select
        identities.entity_id,
        identities.side,
        identities.counterparty_id,
        companies.event_date,
        nullif(companies.end_date, date '9999-12-31') as end_date,
        companies.event,
        companies.severity,
        companies.judged_date,
        coalesce(companies.nature, companies.event) as nature,
    from companies
    inner join identities on identities.siren = companies.siren
    -- what weighs least is a matter of the record
    where companies.severity > 1
    union all
    select
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        insolvencies.known_from as event_date,
        insolvencies.known_to as end_date,
        'insolvency' as event,
        8 as severity,
        insolvencies.opened_on as judged_date,
        'insolvency' as nature,
    from int_insolvencies as insolvencies
    inner join keys on keys.counterparty_no = insolvencies.counterparty_no
    where insolvencies.is_listed
),

-- several notices of one day may say the same
ranked as (
    select
        *,
        row_number() over (
            partition by entity_id, side, counterparty_id, event_date, event
            order by severity desc, end_date desc nulls first, judged_date, nature
        ) as rank_no,
    from told
    where end_date is null or end_date > event_date
),

final as (
    select
        entity_id,
        side,
        counterparty_id,
        event_date,
        end_date,
        event,
        severity,
        judged_date,
        nature,
    from ranked
    where rank_no = 1
)

select * from final
