-- id: C06
-- severity: info
-- sentence: The lettered lines of an account do not add up to zero: the rest counts as open.
-- sentence_fr: Les lignes lettrées d'un compte ne s'annulent pas : le reste compte comme
--   ouvert.
-- advice: Usual for part payments and for groups that began the year before; check the large
--   ones.
-- advice_fr: Usuel pour les règlements partiels et les groupes ouverts l'exercice précédent ;
--   vérifiez les montants élevés.
select
    batch_no,
    first_line as source_line,
    'EcritureLet' as source_column,
    concat(account, ' ', aux_account, ' ', matching_code) as value,
    cast(abs(amount) as decimal(18, 2)) as amount,
    line_count,
from audit_open_letterings
