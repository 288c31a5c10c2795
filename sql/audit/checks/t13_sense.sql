-- id: T13
-- severity: error
-- sentence: Sens is neither D, C, +1 nor -1: the line is not loaded.
-- sentence_fr: Sens n'est ni D, ni C, ni +1, ni -1 : la ligne n'est pas chargée.
-- advice: Correct Sens in the export.
-- advice_fr: Corrigez Sens dans l'export.
select
    batches.batch_no,
    rejects.source_line,
    rejects.source_column,
    coalesce(rejects.value, rejects.message) as value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from landing_rejects as rejects
inner join stg_landing__batches as batches on batches.batch_id = rejects.batch_id
where rejects.reason = 'sense.invalid'
    or (rejects.reason = 'value.missing' and lower(rejects.source_column) = 'sens')
