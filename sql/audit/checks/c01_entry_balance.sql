-- id: C01
-- severity: error
-- sentence: The debits of the entry are not equal to its credits.
-- sentence_fr: Les débits de l'écriture ne sont pas égaux à ses crédits.
-- advice: Complete or correct the entry; the file may lack lines.
-- advice_fr: Complétez ou corrigez l'écriture ; il manque peut-être des lignes dans le
--   fichier.
select
    batch_no,
    first_line as source_line,
    'Debit, Credit' as source_column,
    concat(journal_code, ' ', entry_number, ': ', debit, ' / ', credit) as value,
    cast(abs(debit - credit) as decimal(18, 2)) as amount,
    cast(line_count as bigint) as line_count,
from audit_unbalanced
where not is_explained
