-- id: C08
-- severity: warn
-- over: years
-- sentence: The opening balance of the account is not its closing balance in the file of the
--   year before.
-- sentence_fr: Le solde d'ouverture du compte n'est pas son solde de clôture dans le fichier
--   de l'exercice précédent.
-- advice: One of the two files was extracted before its entries were final: export it again.
-- advice_fr: L'un des deux fichiers a été extrait avant que ses écritures soient définitives :
--   exportez-le de nouveau.
select
    batch_no,
    source_line,
    'CompteNum' as source_column,
    concat(account, ': ', closing_amount, ' / ', opening_amount) as value,
    cast(abs(opening_amount - closing_amount) as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from int_year_breaks
