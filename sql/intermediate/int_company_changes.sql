-- grain: one row per counterparty and change of its company
-- key: counterparty_no, kind, change_date, subject
-- question: What has changed about the companies behind the counterparties, and since when is it
--   known?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   kind: address, legal_form, activity, headcount, manager, name, business_sold, business_leased,
--     merged, moved, closed, procedure, accounts_late or accounts_confidential
--   change_date: day of the change
--   subject: notice, or what is new: tells changes of one kind and day apart
--   known_date: first day on which it could be known
--   ended_date: day on which its notice was corrected or cancelled, or accounts were filed after
--     all; null: it stands
--   old_value: what was before; null: not told
--   new_value: what is now, a code or the words of the notice
--   source: sirene or bodacc
--   url: page of the notice; null: none
-- decisions: 101, 105
with

identities as (
    select * from int_identities
),

keys as (
    select * from int_counterparty_keys
),

establishments as (
    select
        siret,
        siret || coalesce(' · ' || postal_code, '') || coalesce(' ' || city, '') as place,
        state,
        state_since,
    from stg_sirene__establishments
),

-- a period against the one before it; 1900-01-01 is a beginning that is not known
periods as (
    select
        siren,
        valid_from as change_date,
        valid_from as known_date,
        coalesce(name, last_name) as name,
        legal_form_code,
        naf_code,
        siren || head_office_nic as head_office_siret,
        cast(null as varchar) as headcount_band,
        lag(coalesce(name, last_name)) over by_siren as old_name,
        lag(legal_form_code) over by_siren as old_legal_form_code,
        lag(naf_code) over by_siren as old_naf_code,
        siren || lag(head_office_nic) over by_siren as old_head_office_siret,
        cast(null as varchar) as old_headcount_band,
    from stg_sirene__legal_unit_periods
    window by_siren as (partition by siren order by valid_from)
),

-- an extract against the one before it: what changed is known from the day of the extract
versions as (
    select
        siren,
        known_on as change_date,
        known_on as known_date,
        name,
        legal_form_code,
        naf_code,
        siren || head_office_nic as head_office_siret,
        headcount_band,
        lag(name) over by_siren as old_name,
        lag(legal_form_code) over by_siren as old_legal_form_code,
        case when lag(naf_nomenclature) over by_siren is not distinct from naf_nomenclature
            then lag(naf_code) over by_siren end as old_naf_code,
        siren || lag(head_office_nic) over by_siren as old_head_office_siret,
        lag(headcount_band) over by_siren as old_headcount_band,
    from stg_sirene__legal_unit_versions
    window by_siren as (partition by siren order by batch_no)
),

compared as (
    select *, true as is_dated from periods
    union all
    select *, false as is_dated from versions
),

attributes as (
    select
        siren,
        change_date,
        known_date,
        is_dated,
        unnest(['name', 'legal_form', 'activity', 'address', 'headcount']) as kind,
        unnest([
            old_name, old_legal_form_code, old_naf_code, old_head_office_siret, old_headcount_band
        ]) as old_value,
        unnest([
            name, legal_form_code, naf_code, head_office_siret, headcount_band
        ]) as new_value,
    from compared
),

differing as (
    select
        siren,
        kind,
        change_date,
        known_date,
        is_dated,
        old_value,
        new_value,
        bool_or(is_dated) over (partition by siren, kind, new_value) as is_dated_elsewhere,
    from attributes
    where old_value <> new_value
),

-- what the history dates is not told again by the extract
of_register as (
    select
        differing.siren,
        differing.kind,
        differing.change_date,
        differing.new_value as subject,
        differing.known_date,
        cast(null as date) as ended_date,
        coalesce(old_places.place, differing.old_value) as old_value,
        coalesce(new_places.place, differing.new_value) as new_value,
        'sirene' as source,
        cast(null as varchar) as url,
    from differing
    left join establishments as old_places on old_places.siret = differing.old_value
    left join establishments as new_places on new_places.siret = differing.new_value
    where differing.is_dated or not differing.is_dated_elsewhere
),

events as (
    select
        *,
        ' ' || regexp_replace(strip_accents(lower(nature)), '[^a-z0-9]+', ' ', 'g') || ' ' as words,
    from int_legal_events
    where siren in (select siren from identities)
),

lines as (
    select
        *,
        '%' || replace(words, '*', '%') || '%' as pattern,
    from ref_legal_natures
    where effect = 'change'
),

-- one notice may tell several changes
told as (
    select
        events.siren,
        lines.event,
        events.notice_id,
        events.role,
    from events
    inner join lines
        on lines.family = events.family
        and events.words like lines.pattern
        and (lines.role is null or lines.role = events.role)
    where events.family = 'modification'
    union
    select
        siren,
        event,
        notice_id,
        role,
    from events
    where effect in ('open', 'strike', 'change') or event in ('dissolution', 'liquidation')
),

kinds as (
    select
        unnest([
            'address_change', 'manager_change', 'legal_form_change', 'name_change',
            'activity_change', 'business_sold', 'business_leased', 'merged', 'struck_off',
            'dissolution'
        ]) as event,
        unnest([
            'address', 'manager', 'legal_form', 'name',
            'activity', 'business_sold', 'business_leased', 'merged', 'closed',
            'closed'
        ]) as kind,
),

of_gazette as (
    select
        events.siren,
        coalesce(kinds.kind, 'procedure') as kind,
        coalesce(events.event_date, events.first_published_on) as change_date,
        events.notice_id as subject,
        events.published_on as known_date,
        events.superseded_on as ended_date,
        cast(null as varchar) as old_value,
        min(events.nature) as new_value,
        'bodacc' as source,
        min(events.url) as url,
    from told
    inner join events
        on events.notice_id = told.notice_id
        and events.siren = told.siren
        and events.role = told.role
    left join kinds on kinds.event = told.event
    where kinds.kind is not null or events.effect in ('open', 'convert')
    group by
        events.siren, coalesce(kinds.kind, 'procedure'),
        coalesce(events.event_date, events.first_published_on), events.notice_id,
        events.published_on, events.superseded_on
),

filings as (
    select
        siren,
        notice_id,
        published_on,
        superseded_on,
        closing_date,
        url,
        is_confidential,
        coalesce(lag(is_confidential) over (
            partition by siren order by closing_date, published_on, notice_id
        ), false) as was_confidential,
    from events
    where effect = 'file' and closing_date is not null
),

confidential as (
    select
        siren,
        'accounts_confidential' as kind,
        published_on as change_date,
        notice_id as subject,
        published_on as known_date,
        superseded_on as ended_date,
        cast(null as varchar) as old_value,
        cast(closing_date as varchar) as new_value,
        'bodacc' as source,
        url,
    from filings
    where is_confidential and not was_confidential
),

of_company as (
    select * from of_register
    union all
    select * from of_gazette
    union all
    select * from confidential
    union all
    select
        siren,
        'closed' as kind,
        state_since as change_date,
        siren as subject,
        state_since as known_date,
        cast(null as date) as ended_date,
        null as old_value,
        siren as new_value,
        'sirene' as source,
        null as url,
    from stg_sirene__legal_units
    where legal_state = 'C' and state_since is not null
),

successions as (
    select
        predecessor_siret,
        succession_date as change_date,
        coalesce(processed_on, succession_date) as known_date,
        case when left(predecessor_siret, 9) = left(successor_siret, 9) then 'moved'
            else 'merged' end as kind,
        successor_siret,
    from stg_sirene__successions
    where left(predecessor_siret, 9) = left(successor_siret, 9) or is_economic_continuity
),

-- the establishment that is dealt with; where only the company is known, any of it
succeeded as (
    select
        identities.counterparty_no,
        successions.*,
    from identities
    inner join successions on successions.predecessor_siret = identities.siret
    union
    select
        identities.counterparty_no,
        successions.*,
    from identities
    inner join successions on left(successions.predecessor_siret, 9) = identities.siren
    where identities.siret is null
),

of_counterparty as (
    select
        identities.counterparty_no,
        of_company.* exclude (siren),
    from of_company
    inner join identities on identities.siren = of_company.siren
    union all
    select
        succeeded.counterparty_no,
        succeeded.kind,
        succeeded.change_date,
        succeeded.successor_siret as subject,
        succeeded.known_date,
        null as ended_date,
        succeeded.predecessor_siret as old_value,
        coalesce(establishments.place, succeeded.successor_siret) as new_value,
        'sirene' as source,
        null as url,
    from succeeded
    left join establishments on establishments.siret = succeeded.successor_siret
    union all
    select
        identities.counterparty_no,
        'closed' as kind,
        establishments.state_since as change_date,
        establishments.siret as subject,
        establishments.state_since as known_date,
        null as ended_date,
        null as old_value,
        establishments.place as new_value,
        'sirene' as source,
        null as url,
    from identities
    inner join establishments on establishments.siret = identities.siret
    where establishments.state = 'F' and establishments.state_since is not null
    union all
    select
        keys.counterparty_no,
        'accounts_late' as kind,
        status.judged_date as change_date,
        cast(status.judged_date as varchar) as subject,
        status.event_date as known_date,
        status.end_date as ended_date,
        null as old_value,
        cast(status.judged_date as varchar) as new_value,
        'bodacc' as source,
        null as url,
    from int_legal_status as status
    inner join keys
        on keys.entity_id = status.entity_id
        and keys.side = status.side
        and keys.counterparty_id = status.counterparty_id
    where status.event = 'accounts_late'
),

-- a correction may repeat what it corrects
ranked as (
    select
        *,
        row_number() over (
            partition by counterparty_no, kind, change_date, subject
            order by ended_date desc nulls first, known_date, source, old_value, new_value
        ) as rank_no,
    from of_counterparty
),

final as (
    select
        counterparty_no,
        kind,
        change_date,
        subject,
        known_date,
        ended_date,
        old_value,
        new_value,
        source,
        url,
    from ranked
    where rank_no = 1
)

select * from final
