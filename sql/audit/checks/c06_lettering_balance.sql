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
    min(source_line) as source_line,
    'EcritureLet' as source_column,
    concat(account, ' ', aux_account, ' ', matching_code) as value,
    cast(abs(sum(debit_less_credit)) as decimal(18, 2)) as amount,
    count(*) as line_count,
from stg_fec__lines
where matching_code is not null
group by batch_no, account, aux_account, matching_code
having sum(debit_less_credit) <> 0
