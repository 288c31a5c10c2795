-- id: T09R
-- severity: error
-- sentence: The amount cannot be read exactly: the line is not loaded.
-- sentence_fr: Le montant ne peut pas être lu exactement : la ligne n'est pas chargée.
-- advice: Correct the amount in the accounting software and export again.
-- advice_fr: Corrigez le montant dans le logiciel comptable, puis exportez de nouveau.
select
    batches.batch_no,
    rejects.source_line,
    rejects.source_column,
    coalesce(rejects.value, rejects.message) as value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from landing_rejects as rejects
inner join stg_landing__batches as batches on batches.batch_id = rejects.batch_id
where starts_with(rejects.reason, 'amount.')
