-- id: T11
-- severity: warn
-- sentence: The year of the date is outside 1900 to 2099: the line is not loaded.
-- sentence_fr: L'année de la date est hors de 1900 à 2099 : la ligne n'est pas chargée.
-- advice: Correct the date in the accounting software and export again.
-- advice_fr: Corrigez la date dans le logiciel comptable, puis exportez de nouveau.
select
    batches.batch_no,
    rejects.source_line,
    rejects.source_column,
    coalesce(rejects.value, rejects.message) as value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from landing_rejects as rejects
inner join stg_landing__batches as batches on batches.batch_id = rejects.batch_id
where rejects.reason = 'date.invalid' and rejects.message like '%is outside 1900 to 2099%'
