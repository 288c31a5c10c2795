-- id: T10
-- severity: error
-- sentence: The date does not exist or cannot be read: the line is not loaded.
-- sentence_fr: La date n'existe pas ou ne peut pas être lue : la ligne n'est pas chargée.
-- advice: Correct the date; the form is AAAAMMJJ, such as 20241231.
-- advice_fr: Corrigez la date ; la forme est AAAAMMJJ, par exemple 20241231.
select
    batches.batch_no,
    rejects.source_line,
    rejects.source_column,
    coalesce(rejects.value, rejects.message) as value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from landing_rejects as rejects
inner join stg_landing__batches as batches on batches.batch_id = rejects.batch_id
where rejects.reason = 'date.invalid' and not rejects.message like '%is outside 1900 to 2099%'
