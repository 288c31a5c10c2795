-- Control accounts of each file, in the direction of their side.
select
    batch_no,
    side,
    account_family,
    count(*) as line_count,
    count(distinct counterparty_id) as counterparty_count,
    cast(sum(amount) as decimal(18, 2)) as balance,
    cast(coalesce(sum(abs(amount)) filter (where is_lettered), 0) as decimal(18, 2)) as lettered,
    cast(sum(abs(amount)) as decimal(18, 2)) as turnover,
from audit_items
group by batch_no, side, account_family
order by batch_no, side, account_family
