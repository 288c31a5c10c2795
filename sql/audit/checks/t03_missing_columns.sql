-- id: T03
-- severity: error
-- sentence: The header lacks a column that the law asks for.
-- sentence_fr: L'en-tête ne comporte pas une colonne exigée par la loi.
-- advice: Export the file again with all the columns, in the order of the law.
-- advice_fr: Exportez de nouveau le fichier avec toutes les colonnes, dans l'ordre de la loi.
select
    batches.batch_no,
    notices.source_line,
    notices.source_column,
    notices.value,
    cast(null as decimal(18, 2)) as amount,
    notices.line_count,
from landing_notices as notices
inner join stg_landing__batches as batches on batches.batch_id = notices.batch_id
where notices.check_id = 'T03'
