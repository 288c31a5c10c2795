-- id: C05
-- severity: warn
-- sentence: The entry lies outside its fiscal year, or its document is dated more than a month
--   after it.
-- sentence_fr: L'écriture est hors de son exercice, ou sa pièce est datée de plus d'un mois
--   après elle.
-- advice: Check the dates; such entries age wrongly.
-- advice_fr: Vérifiez les dates ; ces écritures vieillissent mal.
with

years as (
    select
        batch_no,
        fiscal_year_start,
        -- the end that the file name tells, where it can be one
        try_strptime(regexp_extract(upper(source_file), 'FEC(20[0-9]{6})', 1), '%Y%m%d')::date
            as named_end,
    from stg_landing__batches
    where dataset = 'ledger_entries'
),

bounds as (
    select
        batch_no,
        fiscal_year_start,
        case
            when named_end > fiscal_year_start
                and named_end < fiscal_year_start + interval 24 month
                then named_end
        end as fiscal_year_end,
    from years
),

final as (
    select
        lines.batch_no,
        lines.source_line,
        case
            when lines.document_date > lines.entry_date + 31 then 'PieceDate'
            else 'EcritureDate'
        end as source_column,
        concat(
            strftime(lines.entry_date, '%Y-%m-%d'), ' / ',
            coalesce(strftime(lines.document_date, '%Y-%m-%d'), '')
        ) as value,
        cast(abs(lines.debit_less_credit) as decimal(18, 2)) as amount,
        cast(1 as bigint) as line_count,
    from stg_fec__lines as lines
    inner join bounds on bounds.batch_no = lines.batch_no
    where
        lines.entry_date < bounds.fiscal_year_start
        or lines.entry_date > bounds.fiscal_year_end
        or lines.document_date > lines.entry_date + 31
)

select * from final
