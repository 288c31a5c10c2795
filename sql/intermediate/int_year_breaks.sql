-- grain: one row per fiscal year, account and batch whose opening is not the closing before it
-- key: fy_no, account, batch_no
-- question: Which opening balances are not the closing balances of the year before?
-- materialized: scratch
-- columns:
--   fy_no: fiscal year that opens
--   account: account number; 12 for the result of the year before
--   batch_no: batch that holds the opening, else the first of the year
--   source_line: first line of the opening, null where there is none
--   closing_amount: debit less credit at the end of the year before
--   opening_amount: debit less credit in the opening entries
-- decisions: 5
with

years as (
    select * from stg_fec__fiscal_years
    where previous_fy_no is not null
),

-- the result of the year (classes 6 and 7) is carried to an account of class 12
closings as (
    select
        fy_no,
        case when substr(account, 1, 1) in ('6', '7') or substr(account, 1, 2) = '12' then '12'
            else account
        end as account,
        sum(debit_less_credit) as amount,
    from stg_fec__lines
    where fy_no in (select previous_fy_no from years)
    group by all
),

openings as (
    select
        lines.fy_no,
        case when substr(lines.account, 1, 2) = '12' then '12' else lines.account end as account,
        lines.batch_no,
        min(lines.source_line) as source_line,
        sum(lines.debit_less_credit) as amount,
    from stg_fec__lines as lines
    inner join int_opening_entries as entries
        on entries.fy_no = lines.fy_no
        and entries.journal_code = lines.journal_code
        and entries.entry_number = lines.entry_number
        and entries.entry_date = lines.entry_date
    group by all
),

pairs as (
    select
        years.fy_no,
        closings.account,
    from years
    inner join closings on closings.fy_no = years.previous_fy_no
    union
    select
        openings.fy_no,
        openings.account,
    from openings
    inner join years on years.fy_no = openings.fy_no
),

year_batches as (
    select
        years.fy_no,
        min(batches.batch_no) as batch_no,
    from years
    inner join stg_landing__batches as batches
        on batches.dataset = 'ledger_entries'
        and batches.entity_no = years.entity_no
        and batches.fiscal_year_start = years.fiscal_year_start
    group by years.fy_no
),

final as (
    select
        pairs.fy_no,
        pairs.account,
        coalesce(openings.batch_no, year_batches.batch_no) as batch_no,
        openings.source_line,
        cast(coalesce(closings.amount, 0) as decimal(18, 2)) as closing_amount,
        cast(coalesce(openings.amount, 0) as decimal(18, 2)) as opening_amount,
    from pairs
    inner join years on years.fy_no = pairs.fy_no
    inner join year_batches on year_batches.fy_no = pairs.fy_no
    left join closings
        on closings.fy_no = years.previous_fy_no
        and closings.account = pairs.account
    left join openings
        on openings.fy_no = pairs.fy_no
        and openings.account = pairs.account
    where coalesce(openings.amount, 0) <> coalesce(closings.amount, 0)
)

select * from final
