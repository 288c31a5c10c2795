-- id: I01
-- severity: warn
-- sentence: The SIREN fails its key.
-- sentence_fr: Le SIREN ne respecte pas sa clé.
-- advice: Correct the SIREN; legal data cannot be joined to this company.
-- advice_fr: Corrigez le SIREN ; les données légales ne peuvent pas être rattachées à cette
--   société.
select
    batch_no,
    source_line,
    source_column,
    value,
    cast(null as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from audit_identifiers
where kind = 'siren' and not is_valid
