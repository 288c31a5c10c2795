-- severity: warn
-- sentence: These entities keep their ledger in another currency and are left out of the group
--   figures, save those of the report group-currencies.
select
    project_entities.entity_id,
    project_entities.currency,
from project_entities
cross join params
where project_entities.currency <> params.currency
