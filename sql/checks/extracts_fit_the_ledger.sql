-- severity: warn
-- sentence: Records of the extracts do not fit the ledger, or are not possible: see
--   mart_extract_mismatches.
select
    entity_id,
    side,
    mismatch,
    count(*) as record_count,
from mart_extract_mismatches
group by entity_id, side, mismatch
