-- Journals of each file.
select
    batch_no,
    journal_code,
    coalesce(max(journal_label), '') as journal_label,
    count(*) as line_count,
    count(distinct entry_number) as entry_count,
    cast(sum(debit) as decimal(18, 2)) as debit,
    cast(sum(credit) as decimal(18, 2)) as credit,
from stg_fec__lines
group by batch_no, journal_code
order by batch_no, journal_code
