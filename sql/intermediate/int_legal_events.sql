-- grain: one row per notice that tells something, company and role
-- key: notice_id, siren, role
-- question: What was published of a company, what does it mean, and from when to when did it stand?
-- materialized: table
-- columns:
--   notice_id: identifier of the notice, such as A202601721671
--   siren: SIREN of the company
--   role: subject, seller, buyer or lessee
--   published_on: day of publication: from it on the notice is known
--   superseded_on: publication of what corrects or cancels it: from it on the notice does not
--     stand any more; null: it stands
--   first_published_on: publication of the first notice of which this one is a correction
--   event_date: day of the judgment or of the event; null: not told
--   event: what it means, by ref_legal_natures
--   severity: 0 to 10, 10 is worst
--   effect: what it does, by ref_legal_natures
--   months: how long it weighs; null: until something ends it
--   nature_order: line of ref_legal_natures that tells it
--   family: family of the notice by the code of the BODACC
--   nature: nature of the judgment or act, as it is written
--   details: what is written beside it
--   court: court or registry
--   closing_date: of accounts filed: end of the fiscal year
--   is_confidential: of accounts filed: they may not be read
--   price_amount: of a sale: the price in the text, euros
--   url: page of the notice
-- decisions: 100, 101
with recursive

notices as (
    select * from stg_bodacc__legal_events
),

natures as (
    select
        *,
        '%' || replace(words, '*', '%') || '%' as pattern,
    from ref_legal_natures
),

-- a notice may name several companies
heads as (
    select
        notice_id,
        max(corrects_id) as corrects_id,
        max(published_on) as published_on,
        max(notice_type) as notice_type,
    from notices
    group by notice_id
),

-- up to the notice that all corrections go back to; it may be one that is not loaded
climbed as (
    select
        notice_id,
        corrects_id as root_id,
        1 as step_no,
    from heads
    where corrects_id is not null
    union all
    select
        climbed.notice_id,
        heads.corrects_id as root_id,
        climbed.step_no + 1 as step_no,
    from climbed
    inner join heads on heads.notice_id = climbed.root_id
    where heads.corrects_id is not null and climbed.step_no < 20
),

roots as (
    select
        heads.notice_id,
        heads.notice_type,
        heads.published_on,
        coalesce(
            arg_max(climbed.root_id, row(climbed.step_no, climbed.root_id)), heads.notice_id
        ) as root_id,
    from heads
    left join climbed on climbed.notice_id = heads.notice_id
    group by heads.notice_id, heads.notice_type, heads.published_on
),

-- of one chain the latest stands
standing as (
    select
        notice_id,
        notice_type,
        published_on,
        min(published_on) over (partition by root_id) as first_published_on,
        lead(published_on) over (
            partition by root_id
            order by published_on, notice_type = 'notice' desc, notice_id
        ) as superseded_on,
    from roots
),

written as (
    select
        notices.*,
        standing.first_published_on,
        standing.superseded_on,
        coalesce(lower(notices.family), '*') as family_code,
        ' ' || regexp_replace(strip_accents(lower(notices.nature)), '[^a-z0-9]+', ' ', 'g') || ' '
            as nature_words,
        ' ' || regexp_replace(strip_accents(lower(notices.details)), '[^a-z0-9]+', ' ', 'g') || ' '
            as details_words,
    from notices
    inner join standing on standing.notice_id = notices.notice_id
    where standing.notice_type <> 'cancellation'
),

families as (
    select distinct family_code from written
),

-- the lines that count for a family
lines as (
    select
        families.family_code,
        natures.nature_order,
        natures.role,
        natures.pattern,
    from families
    inner join natures on natures.family = families.family_code
    union all
    select
        families.family_code,
        natures.nature_order,
        natures.role,
        natures.pattern,
    from families
    cross join natures
    where natures.family = '*'
),

texts as (
    select distinct
        family_code,
        role,
        nature_words as words,
    from written
    where nature_words is not null
    union
    select
        family_code,
        role,
        details_words as words,
    from written
    where details_words is not null
),

-- the same words are looked at once, however many notices have them
found as (
    select
        texts.family_code,
        texts.role,
        texts.words,
        min(lines.nature_order) as nature_order,
    from texts
    inner join lines
        on lines.family_code = texts.family_code
        and texts.words like lines.pattern
        and (lines.role is null or lines.role = texts.role)
    group by texts.family_code, texts.role, texts.words
),

unworded as (
    select
        lines.family_code,
        roles.role,
        min(lines.nature_order) as nature_order,
    from lines
    inner join (select distinct family_code, role from written) as roles
        on roles.family_code = lines.family_code
    where lines.pattern is null and (lines.role is null or lines.role = roles.role)
    group by lines.family_code, roles.role
),

told as (
    select
        written.*,
        coalesce(by_nature.nature_order, by_details.nature_order, unworded.nature_order)
            as nature_order,
    from written
    left join found as by_nature
        on by_nature.family_code = written.family_code
        and by_nature.role = written.role
        and by_nature.words = written.nature_words
    left join found as by_details
        on by_details.family_code = written.family_code
        and by_details.role = written.role
        and by_details.words = written.details_words
    left join unworded
        on unworded.family_code = written.family_code
        and unworded.role = written.role
),

final as (
    select
        told.notice_id,
        told.siren,
        told.role,
        told.published_on,
        told.superseded_on,
        told.first_published_on,
        told.event_date,
        natures.event,
        natures.severity,
        natures.effect,
        natures.months,
        told.nature_order,
        told.family,
        told.nature,
        told.details,
        told.court,
        told.closing_date,
        told.is_confidential,
        told.price_amount,
        told.url,
    from told
    inner join natures on natures.nature_order = told.nature_order
    -- corrected on its own day, it never stood
    where told.superseded_on is null or told.superseded_on > told.published_on
)

select * from final
