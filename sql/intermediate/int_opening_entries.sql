-- grain: one row per entry that opens a fiscal year
-- key: fy_no, journal_code, entry_number, entry_date
-- question: Which entries carry the balances of the year before?
-- materialized: scratch
-- columns:
--   entry_key: first line of the entry
--   fy_no: fiscal year
--   journal_code: code of the journal
--   entry_number: number of the entry
--   entry_date: accounting date
--   recognised_by: journal (its every line opens the year), entry (its accounts tell), name
-- decisions: 5
with

entries as (
    select * from int_entries
),

fiscal_years as (
    select * from stg_fec__fiscal_years
),

-- balance sheet accounts only: no bit beyond class 5
dated as (
    select
        entries.*,
        fiscal_years.fiscal_year_start,
        entries.entry_date = fiscal_years.fiscal_year_start as is_first_day,
        entries.class_flags < 64 as is_balance_sheet,
        bit_count(entries.class_flags) as class_count,
        entries.class_flags & 2 = 2 as has_capital,
    from entries
    inner join fiscal_years on fiscal_years.fy_no = entries.fy_no
),

journals as (
    select
        fy_no,
        journal_code,
        bool_and(is_first_day and is_balance_sheet) as is_all_opening,
        bit_or(class_flags) as class_flags,
        sum(entry_amount) as journal_amount,
    from dated
    group by fy_no, journal_code
),

-- an opening is booked in the first month, so that its journal shows its name there
labels as materialized (
    select distinct
        lines.fy_no,
        lines.journal_code,
        lines.journal_label,
    from stg_fec__lines as lines
    inner join fiscal_years on fiscal_years.fy_no = lines.fy_no
    where
        lines.entry_date
        between fiscal_years.fiscal_year_start and fiscal_years.fiscal_year_start + 31
),

named as (
    select distinct
        fy_no,
        journal_code,
    from labels
    where
        regexp_matches(
            lower(strip_accents(journal_code)), '^(an|ran|ano|anx|ouv|a[_ -]?nouv)[0-9]*$'
        )
        or regexp_matches(
            lower(strip_accents(coalesce(journal_label, ''))),
            '(^|[^a-z])a[ ._-]?nouveau|^nouveau|report.{0,3}nouveau|ouverture|opening'
        )
),

final as (
    select
        dated.entry_key,
        dated.fy_no,
        dated.journal_code,
        dated.entry_number,
        dated.entry_date,
        case
            when journals.is_all_opening
                and journals.journal_amount = 0
                and (journals.class_flags & 2 = 2 or bit_count(journals.class_flags) >= 3)
                then 'journal'
            when dated.is_first_day and dated.has_capital
                and dated.class_count >= 3 and dated.entry_amount = 0
                then 'entry'
            else 'name'
        end as recognised_by,
    from dated
    inner join journals
        on journals.fy_no = dated.fy_no
        and journals.journal_code = dated.journal_code
    left join named
        on named.fy_no = dated.fy_no
        and named.journal_code = dated.journal_code
    where
        dated.is_balance_sheet
        and (
            (
                journals.is_all_opening
                and journals.journal_amount = 0
                and (journals.class_flags & 2 = 2 or bit_count(journals.class_flags) >= 3)
            )
            or (
                dated.is_first_day and dated.has_capital
                and dated.class_count >= 3 and dated.entry_amount = 0
            )
            or (
                named.journal_code is not null
                and dated.entry_date
                between dated.fiscal_year_start and dated.fiscal_year_start + 31
            )
        )
)

select * from final
