-- severity: warn
-- sentence: The numbers of these customers or suppliers are of different companies: the SIREN goes
--   before the SIRET, this before the VAT number. Correct the wrong one in the source.
select
    entity_id,
    side,
    counterparty_id,
    told_siren,
    told_siret,
    told_vat,
    contradictions,
from int_identifiers
where contradictions is not null
