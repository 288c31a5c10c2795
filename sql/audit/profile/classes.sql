-- Account classes of each file.
select
    batch_no,
    substr(account, 1, 1) as class,
    count(*) as line_count,
    cast(sum(debit) as decimal(18, 2)) as debit,
    cast(sum(credit) as decimal(18, 2)) as credit,
from stg_fec__lines
group by batch_no, substr(account, 1, 1)
order by batch_no, class
