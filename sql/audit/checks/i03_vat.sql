-- id: I03
-- severity: warn
-- sentence: The French VAT number fails its key.
-- sentence_fr: Le numéro de TVA français ne respecte pas sa clé.
-- advice: Correct the VAT number.
-- advice_fr: Corrigez le numéro de TVA.
select
    batch_no,
    source_line,
    source_column,
    value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from audit_identifiers
where kind = 'vat' and not is_valid
