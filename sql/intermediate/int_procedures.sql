-- grain: one row per company and stretch of time in which one stage of a procedure was the latest
--   known
-- key: siren, known_from
-- question: In which stage of which procedure was a company, as the gazette told at each date?
-- materialized: table
-- columns:
--   siren: SIREN of the company
--   known_from: first day on which it was the latest known
--   known_to: first day on which it was not any more; null: it still is
--   notice_id: notice of the stage
--   event: the stage, by ref_legal_natures
--   severity: of the stage, 0 to 10
--   effect: open, convert, plan or close
--   stage_date: judgment of the stage, else the day of its publication
--   weighs_to: first day on which the stage does not weigh any more; null: as long as it is the
--     latest
--   nature: as the notice writes it
--   url: page of the notice
--   is_open: nothing closed the procedure
--   opened_on: judgment that opened the procedure, else the day of its publication
--   opening_published_on: publication of that judgment; null: only a later stage is loaded
--   opening_notice_id: the notice that published it
-- decisions: 101, 102
with

stages as (
    select
        *,
        coalesce(event_date, first_published_on) as stage_date,
        row_number() over (
            partition by siren
            order by
                first_published_on, coalesce(event_date, first_published_on), severity, notice_id
        ) as stage_no,
    from int_legal_events
    where effect in ('open', 'convert', 'plan', 'close') and role = 'subject'
),

turns as (
    select
        siren,
        published_on as turns_on,
    from stages
    union
    select
        siren,
        superseded_on as turns_on,
    from stages
    where superseded_on is not null
),

-- what stood from that day on
stood as (
    select
        turns.siren,
        turns.turns_on,
        stages.stage_no,
        stages.effect,
    from turns
    inner join stages
        on stages.siren = turns.siren
        and stages.published_on <= turns.turns_on
        and (stages.superseded_on is null or stages.superseded_on > turns.turns_on)
),

latest as (
    select
        siren,
        turns_on,
        max(stage_no) as stage_no,
        max(stage_no) filter (where effect = 'open') as opened_no,
        coalesce(max(stage_no) filter (where effect = 'close'), 0) as closed_no,
    from stood
    group by siren, turns_on
),

-- a closing ends what was opened before it
ends as (
    select
        latest.siren,
        latest.turns_on,
        latest.stage_no,
        latest.opened_no,
        max(stood.stage_no) filter (where stood.effect = 'close') as before_no,
    from latest
    left join stood
        on stood.siren = latest.siren
        and stood.turns_on = latest.turns_on
        and stood.stage_no < latest.stage_no
    group by latest.siren, latest.turns_on, latest.stage_no, latest.opened_no
),

-- the judgment that opened it; where none is known, its first stage
openings as (
    select
        ends.siren,
        ends.turns_on,
        ends.stage_no,
        case
            when ends.opened_no > coalesce(ends.before_no, 0) then ends.opened_no
            else min(stood.stage_no) filter (where stood.stage_no > coalesce(ends.before_no, 0))
        end as opening_no,
    from ends
    inner join stood on stood.siren = ends.siren and stood.turns_on = ends.turns_on
    group by ends.siren, ends.turns_on, ends.stage_no, ends.opened_no, ends.before_no
),

every_turn as (
    select
        turns.siren,
        turns.turns_on,
        coalesce(openings.stage_no, 0) as stage_no,
        coalesce(openings.opening_no, 0) as opening_no,
    from turns
    left join openings
        on openings.siren = turns.siren
        and openings.turns_on = turns.turns_on
),

-- turns at which nothing changes are none
changed as (
    select
        *,
        coalesce(lag(stage_no) over (partition by siren order by turns_on), 0) as earlier_no,
        coalesce(lag(opening_no) over (partition by siren order by turns_on), 0)
            as earlier_opening_no,
    from every_turn
),

stretches as (
    select
        siren,
        stage_no,
        opening_no,
        turns_on as known_from,
        lead(turns_on) over (partition by siren order by turns_on) as known_to,
    from changed
    where stage_no <> earlier_no or opening_no <> earlier_opening_no
),

final as (
    select
        stretches.siren,
        stretches.known_from,
        stretches.known_to,
        stages.notice_id,
        stages.event,
        stages.severity,
        stages.effect,
        stages.stage_date,
        cast(stages.first_published_on + to_months(stages.months) as date) as weighs_to,
        stages.nature,
        stages.url,
        stages.effect <> 'close' as is_open,
        openings.stage_date as opened_on,
        case when openings.effect = 'open' then openings.first_published_on end
            as opening_published_on,
        openings.notice_id as opening_notice_id,
    from stretches
    inner join stages
        on stages.siren = stretches.siren
        and stages.stage_no = stretches.stage_no
    inner join stages as openings
        on openings.siren = stretches.siren
        and openings.stage_no = stretches.opening_no
)

select * from final
