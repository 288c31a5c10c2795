-- id: C02
-- severity: info
-- sentence: The entry has several dates, document references or document dates, or an account
--   of it several lettering codes.
-- sentence_fr: L'écriture porte plusieurs dates, références ou dates de pièce, ou un de ses
--   comptes plusieurs codes de lettrage.
-- advice: Usual for grouped entries; look at entries that should be one document.
-- advice_fr: Usuel pour des écritures groupées ; regardez celles qui devraient être une seule
--   pièce.
with

-- an opening holds the documents of a whole year
openings as (
    select distinct
        fy_no,
        journal_code,
        entry_number,
    from int_opening_entries
),

entries as (
    select
        *,
        entry_date <> last_entry_date as has_dates,
        first_document_ref <> last_document_ref as has_refs,
        first_document_date <> last_document_date as has_document_dates,
    from audit_entries
),

-- only an entry with several codes can have them on one account
codes as (
    select distinct
        batch_no,
        journal_code,
        entry_number,
    from (
        select
            lines.batch_no,
            lines.journal_code,
            lines.entry_number,
        from stg_fec__lines as lines
        semi join (
            select * from audit_entries
            where first_matching_code <> last_matching_code
        ) as several
            on several.batch_no = lines.batch_no
            and several.journal_code = lines.journal_code
            and several.entry_number = lines.entry_number
        where lines.matching_code is not null
        group by
            lines.batch_no, lines.journal_code, lines.entry_number, lines.account,
            lines.aux_account
        having min(lines.matching_code) <> max(lines.matching_code)
    )
),

final as (
    select
        entries.batch_no,
        entries.first_line as source_line,
        concat_ws(
            ', ',
            case when entries.has_dates then 'EcritureDate' end,
            case when entries.has_refs then 'PieceRef' end,
            case when entries.has_document_dates then 'PieceDate' end,
            case when codes.batch_no is not null then 'EcritureLet' end
        ) as source_column,
        concat(entries.journal_code, ' ', entries.entry_number) as value,
        cast(entries.debit as decimal(18, 2)) as amount,
        cast(entries.line_count as bigint) as line_count,
    from entries
    left join codes
        on codes.batch_no = entries.batch_no
        and codes.journal_code = entries.journal_code
        and codes.entry_number = entries.entry_number
    left join openings
        on openings.fy_no = entries.fy_no
        and openings.journal_code = entries.journal_code
        and openings.entry_number = entries.entry_number
    where
        openings.fy_no is null
        and (
            entries.has_dates
            or entries.has_refs
            or entries.has_document_dates
            or codes.batch_no is not null
        )
)

select * from final
