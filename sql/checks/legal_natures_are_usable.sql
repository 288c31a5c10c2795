-- severity: fail
-- sentence: These lines of ref/legal_natures.csv cannot be used; correct them and build again.
with

natures as (
    select
        *,
        count(*) filter (where family = '*' and words is null and role is null) over ()
            as last_count,
        count(*) filter (where effect = 'late') over () as late_count,
        count(*) filter (where effect = 'cease') over () as cease_count,
        max(nature_order) over () as last_order,
    from ref_legal_natures
),

problems as (
    select
        nature_order,
        event,
        case
            when severity < 0 or severity > 10 then 'severity must be 0 to 10'
            when months < 1 or months > 1200 then 'months must be 1 to 1200'
            when effect = 'late' and months is null then 'months is missing'
            when words <> regexp_replace(strip_accents(lower(words)), '[^a-z0-9*]+', ' ', 'g')
                then 'words must be in small letters, without accents and marks'
            when trim(words) = '' or words = '*' then 'words must say something, or be empty'
            when not regexp_full_match(event, '[a-z][a-z0-9_]*')
                then 'event must be a name in small letters'
            when trim(label_en) = '' or trim(label_fr) = ''
                then 'label_en and label_fr must say something'
            when last_count <> 1
                then 'one line of family * without words must be there for all other notices'
            when late_count <> 1 then 'one line must have the effect late'
            when cease_count <> 1 then 'one line must have the effect cease'
        end as problem,
    from natures
)

select
    nature_order,
    event,
    problem,
from problems
where problem is not null
