-- Totals of each file.
select
    batches.batch_no,
    batches.batch_id,
    count(entries.batch_no) as entry_count,
    cast(coalesce(sum(entries.debit), 0) as decimal(18, 2)) as debit,
    cast(coalesce(sum(entries.credit), 0) as decimal(18, 2)) as credit,
    cast(
        coalesce(sum(entries.debit) filter (where entries.debit <> entries.credit), 0)
        as decimal(18, 2)
    ) as unbalanced,
from stg_landing__batches as batches
left join audit_entries as entries on entries.batch_no = batches.batch_no
where batches.dataset = 'ledger_entries'
group by batches.batch_no, batches.batch_id
order by batches.batch_no
