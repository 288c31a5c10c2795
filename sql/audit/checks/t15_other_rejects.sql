-- id: T15
-- severity: error
-- sentence: The line cannot be read for another reason: it is not loaded.
-- sentence_fr: La ligne ne peut pas être lue pour une autre raison : elle n'est pas chargée.
-- advice: Read the message beside the line, correct it and export again.
-- advice_fr: Lisez le message en regard de la ligne, corrigez-la, puis exportez de nouveau.
select
    batches.batch_no,
    rejects.source_line,
    rejects.source_column,
    coalesce(rejects.value, rejects.message) as value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from landing_rejects as rejects
inner join stg_landing__batches as batches on batches.batch_id = rejects.batch_id
where not starts_with(rejects.reason, 'amount.')
    and rejects.reason not in (
        'fields.count', 'line.cut', 'line.too_long', 'value.missing', 'date.invalid',
        'sense.invalid', 'charset.invalid'
    )
