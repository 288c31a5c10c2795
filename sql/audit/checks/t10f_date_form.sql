-- id: T10F
-- severity: warn
-- sentence: The date is not written as AAAAMMJJ; it was read all the same.
-- sentence_fr: La date n'est pas écrite sous la forme AAAAMMJJ ; elle a été lue malgré tout.
-- advice: Set the date form AAAAMMJJ in the export.
-- advice_fr: Réglez la forme de date AAAAMMJJ dans l'export.
select
    batches.batch_no,
    notices.source_line,
    notices.source_column,
    notices.value,
    cast(null as decimal(18, 2)) as amount,
    notices.line_count,
from landing_notices as notices
inner join stg_landing__batches as batches on batches.batch_id = notices.batch_id
where notices.check_id = 'T10F'
