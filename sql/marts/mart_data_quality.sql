-- grain: one row per batch that counts and audit check that found something in it
-- key: batch_id, check_id
-- sort: entity_id, batch_id, check_id
-- question: What is wrong with the extracts, and how much money does it touch?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity, group for rates
--   source: source of the extract
--   source_file: name of the extract
--   batch_id: identifier of the batch
--   fiscal_year_start: first day of the fiscal year, for ledgers
--   check_id: identifier of the check, such as C01
--   severity: error, warn or info
--   severity_order: 1 for error, 2 for warn, 3 for info
--   line_count: lines concerned
--   stake_amount: amounts of the lines concerned, without sign, currency of the entity; zero where
--     none can be known, as for rejected lines
--   first_line: first line concerned, null where the finding is about the file
--   sentence: what was found, in English
--   sentence_fr: what was found, in French
--   advice: what to do, in English
--   advice_fr: what to do, in French
-- decisions: 28
with

batches as (
    select * from stg_landing__batches
),

checks as (
    select * from quality_checks
),

findings as (
    select
        batches.batch_no,
        quality_findings.check_id,
        quality_findings.line_count,
        quality_findings.stake_amount,
        quality_findings.first_line,
    from quality_findings
    inner join batches on batches.batch_id = quality_findings.batch_id
    union all
    -- what two fiscal years tell only together
    select
        batch_no,
        'C08' as check_id,
        count(*) as line_count,
        cast(sum(abs(opening_amount - closing_amount)) as decimal(18, 2)) as stake_amount,
        min(source_line) as first_line,
    from int_year_breaks
    group by batch_no
),

final as (
    select
        batches.entity_id,
        batches.source,
        batches.source_file,
        batches.batch_id,
        batches.fiscal_year_start,
        findings.check_id,
        checks.severity,
        cast(case checks.severity when 'error' then 1 when 'warn' then 2 else 3 end as integer)
            as severity_order,
        findings.line_count,
        findings.stake_amount,
        findings.first_line,
        checks.sentence,
        checks.sentence_fr,
        checks.advice,
        checks.advice_fr,
    from findings
    inner join batches on batches.batch_no = findings.batch_no
    inner join checks on checks.check_id = findings.check_id
)

select * from final
