-- id: T14
-- severity: error
-- sentence: The line holds bytes that are no text in the charset of the file: it is not
--   loaded.
-- sentence_fr: La ligne contient des octets qui ne sont pas du texte dans le jeu de caractères
--   du fichier : elle n'est pas chargée.
-- advice: Correct the text and export again in one charset, UTF-8 or ISO 8859-15.
-- advice_fr: Corrigez le libellé et exportez de nouveau dans un seul jeu de caractères, UTF-8
--   ou ISO 8859-15.
select
    batches.batch_no,
    rejects.source_line,
    rejects.source_column,
    coalesce(rejects.value, rejects.message) as value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from landing_rejects as rejects
inner join stg_landing__batches as batches on batches.batch_id = rejects.batch_id
where rejects.reason = 'charset.invalid'
