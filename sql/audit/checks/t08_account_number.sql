-- id: T08
-- severity: warn
-- sentence: The account number does not begin with three digits of the chart of accounts.
-- sentence_fr: Le numéro de compte ne commence pas par trois chiffres du plan comptable.
-- advice: Correct the account; the line belongs to no control account.
-- advice_fr: Corrigez le compte ; la ligne n'appartient à aucun compte collectif.
select
    batch_no,
    source_line,
    'CompteNum' as source_column,
    account as value,
    cast(abs(debit_less_credit) as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from stg_fec__lines
-- a book without accounts has none to check
where account <> '' and not regexp_matches(account, '^[0-9]{3}')
