-- id: C10
-- severity: info
-- sentence: The line stands more than once in its entry, with equal account, amount, document
--   and text.
-- sentence_fr: La ligne figure plusieurs fois dans son écriture, avec les mêmes compte,
--   montant, pièce et libellé.
-- advice: Check that the entry was not exported twice.
-- advice_fr: Vérifiez que l'écriture n'a pas été exportée deux fois.
with

hashed as (
    select
        batch_no,
        source_line,
        hash(
            batch_no, journal_code, entry_number, entry_date, account, aux_account, document_ref,
            document_date, label, debit, credit, matching_code
        ) as line_hash,
    from stg_fec__lines
    where debit <> 0 or credit <> 0
),

-- as a rule there are few: only they are compared value by value
suspects as (
    select line_hash
    from hashed
    group by line_hash
    having count(*) > 1
),

ranked as (
    select
        lines.batch_no,
        lines.source_line,
        lines.account,
        lines.document_ref,
        lines.debit,
        lines.credit,
        row_number() over (
            partition by
                lines.batch_no, lines.journal_code, lines.entry_number, lines.entry_date,
                lines.account, lines.aux_account, lines.document_ref, lines.document_date,
                lines.label, lines.debit, lines.credit, lines.matching_code
            order by lines.source_line
        ) as copy_no,
    from hashed
    inner join suspects on suspects.line_hash = hashed.line_hash
    inner join stg_fec__lines as lines
        on lines.batch_no = hashed.batch_no
        and lines.source_line = hashed.source_line
),

final as (
    select
        batch_no,
        source_line,
        'CompteNum' as source_column,
        concat(account, ' ', document_ref) as value,
        cast(abs(debit) + abs(credit) as decimal(18, 2)) as amount,
        cast(1 as bigint) as line_count,
    from ranked
    where copy_no > 1
)

select * from final
