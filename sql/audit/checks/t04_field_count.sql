-- id: T04
-- severity: error
-- sentence: The line does not have the fields of the header, or is cut: it is not loaded.
-- sentence_fr: La ligne n'a pas les champs de l'en-tête, ou est tronquée : elle n'est pas
--   chargée.
-- advice: Remove separators and line ends from the texts in the accounting software and export
--   again.
-- advice_fr: Supprimez les séparateurs et fins de ligne des libellés dans le logiciel
--   comptable, puis exportez de nouveau.
select
    batches.batch_no,
    rejects.source_line,
    rejects.source_column,
    coalesce(rejects.value, rejects.message) as value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from landing_rejects as rejects
inner join stg_landing__batches as batches on batches.batch_id = rejects.batch_id
where rejects.reason in ('fields.count', 'line.cut', 'line.too_long')
