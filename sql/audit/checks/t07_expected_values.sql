-- id: T07
-- severity: warn
-- sentence: A value that every line should carry is empty (journal, document reference or
--   date, validation date).
-- sentence_fr: Une valeur attendue sur chaque ligne est vide (journal, référence ou date de
--   pièce, date de validation).
-- advice: Complete the entries, or check the export settings; ageing and matching use these
--   values.
-- advice_fr: Complétez les écritures ou vérifiez l'export ; la balance âgée et le lettrage
--   utilisent ces valeurs.
with

-- a column that the header lacks is one finding (T03), not one per line
missing as (
    select
        batch_id,
        list(source_column order by source_column) as names,
    from landing_notices
    where check_id = 'T03'
    group by batch_id
),

blank as (
    select
        batches.batch_no,
        lines.source_line,
        lines.debit - lines.credit as amount,
        coalesce(missing.names, []) as names,
        lines.account as value,
        -- cash-basis ledgers need no journal and no validation date
        coalesce(
            list_contains(
                list_transform(map_keys(lines.extra), lambda name : lower(name)), 'daterglt'
            ),
            false
        ) as is_cash_basis,
        lines.journal_code is null as no_journal,
        lines.journal_label is null as no_journal_label,
        lines.document_ref is null as no_document_ref,
        lines.document_date is null as no_document_date,
        lines.validation_date is null as no_validation_date,
    from ledger_entries as lines
    inner join stg_landing__batches as batches on batches.batch_id = lines.batch_id
    left join missing on missing.batch_id = lines.batch_id
    where
        lines.journal_code is null
        or lines.journal_label is null
        or lines.document_ref is null
        or lines.document_date is null
        or lines.validation_date is null
),

named as (
    select
        batch_no,
        source_line,
        list_filter(
            [
                case when no_journal and not is_cash_basis then 'JournalCode' end,
                case when no_journal_label and not is_cash_basis then 'JournalLib' end,
                case when no_document_ref then 'PieceRef' end,
                case when no_document_date then 'PieceDate' end,
                case when no_validation_date and not is_cash_basis then 'ValidDate' end,
            ],
            lambda name : name is not null and not list_contains(names, name)
        ) as columns,
        value,
        amount,
    from blank
),

final as (
    select
        batch_no,
        source_line,
        list_aggregate(columns, 'string_agg', ', ') as source_column,
        value,
        cast(abs(amount) as decimal(18, 2)) as amount,
        cast(1 as bigint) as line_count,
    from named
    where len(columns) > 0
)

select * from final
