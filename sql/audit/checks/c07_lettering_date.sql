-- id: C07
-- severity: warn
-- sentence: The line has a lettering code without a date, or a date without a code.
-- sentence_fr: La ligne porte un code de lettrage sans date, ou une date sans code.
-- advice: Check the export; dates are information only, codes decide what is settled.
-- advice_fr: Vérifiez l'export ; la date n'est qu'indicative, le code décide de ce qui est
--   réglé.
with

-- a column that the header lacks is one finding (T03), not one per line
missing as (
    select distinct batch_id
    from landing_notices
    where check_id = 'T03' and source_column in ('EcritureLet', 'DateLet')
),

final as (
    select
        lines.batch_no,
        lines.source_line,
        case when lines.matching_code is null then 'EcritureLet' else 'DateLet' end
            as source_column,
        coalesce(lines.matching_code, strftime(lines.matching_date, '%Y-%m-%d')) as value,
        cast(abs(lines.debit_less_credit) as decimal(18, 2)) as amount,
        cast(1 as bigint) as line_count,
    from stg_fec__lines as lines
    inner join stg_landing__batches as batches on batches.batch_no = lines.batch_no
    left join missing on missing.batch_id = batches.batch_id
    -- a group that is open yet has no date to carry
    left join audit_open_letterings as open_groups
        on open_groups.batch_no = lines.batch_no
        and open_groups.account = lines.account
        and open_groups.aux_account is not distinct from lines.aux_account
        and open_groups.matching_code = lines.matching_code
    where
        (lines.matching_code is null) <> (lines.matching_date is null)
        and missing.batch_id is null
        and open_groups.batch_no is null
)

select * from final
