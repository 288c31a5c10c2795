-- severity: warn
-- sentence: The register knows the number of these customers or suppliers under a name that is not
--   alike: correct the number in the source, or set it with `encours override`.
select
    entity_id,
    side,
    counterparty_id,
    siren,
    match_method,
from int_identities
where is_name_doubtful
