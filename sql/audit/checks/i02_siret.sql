-- id: I02
-- severity: warn
-- sentence: The SIRET fails its key.
-- sentence_fr: Le SIRET ne respecte pas sa clé.
-- advice: Correct the SIRET; legal data cannot be joined to this establishment.
-- advice_fr: Corrigez le SIRET ; les données légales ne peuvent pas être rattachées à cet
--   établissement.
select
    batch_no,
    source_line,
    source_column,
    value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from audit_identifiers
where kind = 'siret' and not is_valid
