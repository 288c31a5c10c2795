-- Entries whose debits are not their credits. One is explained where a line of it was
-- rejected: the line stands beside its other lines and names the entry.
with

entries as (
    select
        batch_no,
        journal_code,
        entry_number,
        first_line,
        last_line,
        line_count,
        debit,
        credit,
    from audit_entries
    where debit <> credit
),

rejects as (
    select
        batches.batch_no,
        landing_rejects.source_line,
        list_transform(
            string_split_regex(landing_rejects.raw, '[\t|;]'), lambda field : trim(field)
        ) as fields,
    from landing_rejects
    inner join stg_landing__batches as batches on batches.batch_id = landing_rejects.batch_id
),

explained as (
    select distinct
        entries.batch_no,
        entries.journal_code,
        entries.entry_number,
    from entries
    inner join rejects
        on rejects.batch_no = entries.batch_no
        and rejects.source_line between entries.first_line - 1 and entries.last_line + 1
        and list_contains(rejects.fields, entries.entry_number)
        and (
            entries.journal_code = ''
            or list_contains(rejects.fields, entries.journal_code)
        )
),

final as (
    select
        entries.*,
        explained.batch_no is not null as is_explained,
    from entries
    left join explained
        on explained.batch_no = entries.batch_no
        and explained.journal_code = entries.journal_code
        and explained.entry_number = entries.entry_number
)

select * from final
