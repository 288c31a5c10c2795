-- id: C04
-- severity: warn
-- sentence: Entry numbers are missing before this one.
-- sentence_fr: Des numéros d'écriture manquent avant celui-ci.
-- advice: Explain each gap (deleted drafts, other journals), or export the missing entries.
-- advice_fr: Expliquez chaque rupture (brouillards supprimés, autres journaux) ou exportez les
--   écritures manquantes.
with

numbers as (
    select
        batch_no,
        journal_code,
        entry_number,
        regexp_replace(entry_number, '[0-9]+$', '') as prefix,
        substr(entry_number, length(prefix) + 1) as digits,
        try_cast(right(digits, 15) as bigint) as number,
        length(entry_number) as width,
        first_line,
    from audit_entries
),

-- as a rule no journal has a gap and there is nothing to look for
suspects as (
    select distinct batch_no
    from (
        select batch_no
        from numbers
        where number is not null
        group by batch_no, journal_code, prefix
        having
            max(number) - min(number) + 1 <> count(*)
            -- 007 and 7 are one number
            or min(width) <> max(width) and bool_or(starts_with(digits, '0'))
    )
),

sequences as (
    select numbers.*
    from numbers
    inner join suspects on suspects.batch_no = numbers.batch_no
    where numbers.number is not null
),

-- a number that two journals share tells that each journal has its own sequence
shared as (
    select batch_no
    from sequences
    group by batch_no, prefix, number
    having count(distinct journal_code) > 1
),

by_journal as (
    select
        sequences.*,
        lag(number) over (
            partition by batch_no, journal_code, prefix order by number, entry_number
        ) as previous_number,
    from sequences
),

by_file as (
    select
        sequences.*,
        lag(number) over (
            partition by batch_no, prefix order by number, journal_code, entry_number
        ) as previous_number,
    from sequences
),

-- the sequence is that under which fewer numbers are missing
missing as (
    select
        batch_no,
        sum(journal_missing) as journal_missing,
        sum(file_missing) as file_missing,
    from (
        select
            batch_no,
            case when number > previous_number + 1 then 1 else 0 end as journal_missing,
            0 as file_missing,
        from by_journal
        union all
        select
            batch_no,
            0 as journal_missing,
            case when number > previous_number + 1 then 1 else 0 end as file_missing,
        from by_file
    )
    group by batch_no
),

chosen as (
    select
        batch_no,
        batch_no in (select batch_no from shared)
        or journal_missing <= file_missing as is_by_journal,
    from missing
),

gaps as (
    select by_journal.* from by_journal
    inner join chosen on chosen.batch_no = by_journal.batch_no and chosen.is_by_journal
    where by_journal.number > by_journal.previous_number + 1
    union all
    select by_file.* from by_file
    inner join chosen on chosen.batch_no = by_file.batch_no and not chosen.is_by_journal
    where by_file.number > by_file.previous_number + 1
),

-- the one entry that is missing may be among the rejected lines
explained as (
    select distinct
        gaps.batch_no,
        gaps.journal_code,
        gaps.entry_number,
    from gaps
    inner join stg_landing__batches as batches on batches.batch_no = gaps.batch_no
    inner join landing_rejects as rejects
        on rejects.batch_id = batches.batch_id
        and gaps.number = gaps.previous_number + 2
        and list_contains(
            list_transform(
                string_split_regex(rejects.raw, '[\t|;]'), lambda field : trim(field)
            ),
            gaps.prefix || lpad(
                cast(gaps.number - 1 as varchar),
                cast(
                    greatest(
                        gaps.width - length(gaps.prefix), length(cast(gaps.number - 1 as varchar))
                    ) as integer
                ),
                '0'
            )
        )
),

final as (
    select
        gaps.batch_no,
        gaps.first_line as source_line,
        'EcritureNum' as source_column,
        concat(
            gaps.journal_code, ' ', gaps.entry_number, ': ',
            gaps.number - gaps.previous_number - 1, ' missing after ', gaps.previous_number
        ) as value,
        cast(null as decimal(18, 2)) as amount,
        cast(1 as bigint) as line_count,
    from gaps
    left join explained
        on explained.batch_no = gaps.batch_no
        and explained.journal_code = gaps.journal_code
        and explained.entry_number = gaps.entry_number
    where explained.batch_no is null
)

select * from final
