-- id: T12
-- severity: warn
-- sentence: The line has a debit and a credit, or neither.
-- sentence_fr: La ligne porte un débit et un crédit, ou ni l'un ni l'autre.
-- advice: Split the line, or remove it where both are zero.
-- advice_fr: Scindez la ligne, ou supprimez-la si les deux sont nuls.
select
    batch_no,
    source_line,
    'Debit, Credit' as source_column,
    concat(debit, ' / ', credit) as value,
    cast(least(abs(debit), abs(credit)) as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from stg_fec__lines
where (debit = 0) = (credit = 0)
