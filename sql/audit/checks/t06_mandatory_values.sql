-- id: T06
-- severity: error
-- sentence: A value that the law makes mandatory is empty.
-- sentence_fr: Une valeur obligatoire selon la loi est vide.
-- advice: Complete the entry in the accounting software and export again.
-- advice_fr: Complétez l'écriture dans le logiciel comptable, puis exportez de nouveau.
with

refused as (
    select
        batches.batch_no,
        rejects.source_line,
        rejects.source_column,
        rejects.message as value,
        cast(null as decimal(18, 2)) as amount,
    from landing_rejects as rejects
    inner join stg_landing__batches as batches on batches.batch_id = rejects.batch_id
    where rejects.reason = 'value.missing' and lower(rejects.source_column) <> 'sens'
),

landed as (
    select
        batch_no,
        source_line,
        concat_ws(
            ', ',
            case when account_label is null then 'CompteLib' end,
            case when label is null then 'EcritureLib' end
        ) as source_column,
        account as value,
        cast(abs(debit_less_credit) as decimal(18, 2)) as amount,
    from stg_fec__lines
    where account_label is null or label is null
),

final as (
    select *, cast(1 as bigint) as line_count from refused
    union all
    select *, cast(1 as bigint) as line_count from landed
)

select * from final
