-- id: C09
-- severity: warn
-- sentence: The receivables of the file are not those of the balance sheet that was given.
-- sentence_fr: Les créances du fichier ne sont pas celles du bilan qui a été donné.
-- advice: Compare the control accounts 411, 413, 416, 418 and 419 with the balance sheet.
-- advice_fr: Comparez les comptes collectifs 411, 413, 416, 418 et 419 au bilan.
with

expected as (
    select
        batches.batch_no,
        cast(notices.value as decimal(18, 2)) as amount,
    from landing_notices as notices
    inner join stg_landing__batches as batches on batches.batch_id = notices.batch_id
    where notices.check_id = 'C09'
),

found as (
    select
        lines.batch_no,
        sum(lines.debit_less_credit) as amount,
    from stg_fec__lines as lines
    where
        lines.batch_no in (select batch_no from expected)
        and substr(lines.account, 1, 3) in ('411', '413', '416', '418', '419')
    group by lines.batch_no
),

final as (
    select
        expected.batch_no,
        cast(null as bigint) as source_line,
        'CompteNum' as source_column,
        concat(coalesce(found.amount, 0), ' / ', expected.amount) as value,
        cast(abs(coalesce(found.amount, 0) - expected.amount) as decimal(18, 2)) as amount,
        cast(1 as bigint) as line_count,
    from expected
    left join found on found.batch_no = expected.batch_no
    where coalesce(found.amount, 0) <> expected.amount
)

select * from final
