-- id: T09
-- severity: warn
-- sentence: The amount is not written as the law asks (decimal comma, no thousands mark); it
--   was read all the same.
-- sentence_fr: Le montant n'est pas écrit comme la loi le demande (virgule décimale, pas de
--   séparateur de milliers) ; il a été lu malgré tout.
-- advice: Set decimal comma and no thousands mark in the export; check one large amount by
--   hand.
-- advice_fr: Réglez la virgule décimale sans séparateur de milliers dans l'export ; contrôlez
--   un montant élevé.
select
    batches.batch_no,
    notices.source_line,
    notices.source_column,
    notices.value,
    cast(null as decimal(18, 2)) as amount,
    notices.line_count,
from landing_notices as notices
inner join stg_landing__batches as batches on batches.batch_id = notices.batch_id
where notices.check_id = 'T09'
