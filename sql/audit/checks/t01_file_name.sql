-- id: T01
-- severity: warn
-- sentence: The file name does not follow the legal form SirenFECAAAAMMJJ, or its SIREN is not
--   one.
-- sentence_fr: Le nom du fichier n'a pas la forme légale SirenFECAAAAMMJJ, ou son SIREN n'en
--   est pas un.
-- advice: Rename the file before it is handed to the tax office; the load takes entity and
--   year from encours.yaml.
-- advice_fr: Renommez le fichier avant de le remettre à l'administration ; le chargement prend
--   la société et l'exercice dans encours.yaml.
select
    batches.batch_no,
    notices.source_line,
    notices.source_column,
    notices.value,
    cast(null as decimal(18, 2)) as amount,
    notices.line_count,
from landing_notices as notices
inner join stg_landing__batches as batches on batches.batch_id = notices.batch_id
where notices.check_id = 'T01'
