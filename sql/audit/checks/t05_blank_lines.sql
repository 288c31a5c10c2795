-- id: T05
-- severity: info
-- sentence: The line is blank; it is passed over.
-- sentence_fr: La ligne est vide ; elle est ignorée.
-- advice: Nothing to do.
-- advice_fr: Rien à faire.
select
    batches.batch_no,
    notices.source_line,
    notices.source_column,
    notices.value,
    cast(null as decimal(18, 2)) as amount,
    notices.line_count,
from landing_notices as notices
inner join stg_landing__batches as batches on batches.batch_id = notices.batch_id
where notices.check_id = 'T05'
