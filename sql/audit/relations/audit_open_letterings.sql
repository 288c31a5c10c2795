-- Lettered groups of an account that do not add up to zero, one row per batch and group.
select
    batch_no,
    account,
    aux_account,
    matching_code,
    min(source_line) as first_line,
    sum(debit_less_credit) as amount,
    count(*) as line_count,
from stg_fec__lines
where matching_code is not null
group by batch_no, account, aux_account, matching_code
having sum(debit_less_credit) <> 0
