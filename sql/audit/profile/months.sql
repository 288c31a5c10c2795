-- Months of each file.
select
    batch_no,
    cast(date_trunc('month', entry_date) as date) as month,
    count(*) as line_count,
    cast(sum(debit) as decimal(18, 2)) as debit,
    cast(sum(credit) as decimal(18, 2)) as credit,
from stg_fec__lines
group by batch_no, date_trunc('month', entry_date)
order by batch_no, month
