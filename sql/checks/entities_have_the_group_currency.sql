-- severity: warn
-- sentence: These entities keep their ledger in another currency and are left out of the group
--   figures: write currency.method into encours.yaml. Some figures leave them out in any case; each
--   says so.
select
    entity_id,
    currency,
from int_group_entities
where not is_home and not is_translated
