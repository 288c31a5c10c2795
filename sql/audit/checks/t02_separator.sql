-- id: T02
-- severity: warn
-- sentence: The fields are separated by semicolons; the law asks for a tab or a vertical bar.
-- sentence_fr: Les champs sont séparés par des points-virgules ; la loi demande une tabulation
--   ou une barre verticale.
-- advice: Set the separator in the export of the accounting software.
-- advice_fr: Réglez le séparateur dans l'export du logiciel comptable.
select
    batches.batch_no,
    notices.source_line,
    notices.source_column,
    notices.value,
    cast(null as decimal(18, 2)) as amount,
    notices.line_count,
from landing_notices as notices
inner join stg_landing__batches as batches on batches.batch_id = notices.batch_id
where notices.check_id = 'T02'
