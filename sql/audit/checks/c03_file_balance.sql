-- id: C03
-- severity: error
-- sentence: The debits of the file are not equal to its credits.
-- sentence_fr: Les débits du fichier ne sont pas égaux à ses crédits.
-- advice: Correct the entries that do not balance (C01); the file may lack lines or be cut.
-- advice_fr: Corrigez les écritures non équilibrées (C01) ; le fichier est peut-être tronqué.
select
    batch_no,
    cast(null as bigint) as source_line,
    'Debit, Credit' as source_column,
    concat('difference ', sum(debit - credit)) as value,
    cast(abs(sum(debit - credit)) as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from audit_unbalanced
where not is_explained
group by batch_no
having sum(debit - credit) <> 0
