-- severity: warn
-- sentence: These actions name a customer or a document that is not known: they count for no
--   reminder. Correct the code or number in the extract and load it again.
select
    entities.entity_id,
    actions.action_id,
    landed.counterparty_id,
    landed.document_id,
    actions.action_date,
    actions.kind,
from int_collection_actions as actions
inner join project_entities as entities on entities.entity_no = actions.entity_no
inner join stg_erp__collection_actions as landed
    on landed.entity_no = actions.entity_no
    and landed.action_id = actions.action_id
where actions.counterparty_no is null or (actions.item_key is null and not actions.is_account)
