-- grain: one row per action that was done by the as-of date, and item of its document; one row
--   without an item where it is about the account or its document is not found
-- key: entity_no, action_id, item_key
-- question: What was done to collect, from whom, and about which item?
-- materialized: view
-- columns:
--   entity_no: rank of the entity
--   action_id: identifier of the action
--   counterparty_no: customer, see int_accounts; null where it is not found
--   item_key: the item; null for the account
--   is_account: about the whole account
--   action_date: day of the action
--   kind: call, letter, e-mail, formal notice, legal case or claim declared
--   level: level of the reminder, null where the extract does not tell
--   next_action_date: when to act again
-- decisions: 56
with

actions as (
    select
        stg_erp__collection_actions.*,
        upper(trim(stg_erp__collection_actions.counterparty_id)) as counterparty_code,
    from stg_erp__collection_actions
    cross join params
    where stg_erp__collection_actions.action_date <= params.as_of
),

customers as (
    select * from int_customer_codes
),

documents as (
    select * from int_document_items
),

-- fans out on purpose: one row per item of the document
final as (
    select
        actions.entity_no,
        actions.action_id,
        customers.counterparty_no,
        documents.item_key,
        actions.document_id is null as is_account,
        actions.action_date,
        actions.kind,
        actions.level,
        actions.next_action_date,
    from actions
    left join customers
        on customers.entity_no = actions.entity_no
        and customers.counterparty_code = actions.counterparty_code
    left join documents
        on documents.entity_no = actions.entity_no
        and documents.counterparty_id = actions.counterparty_id
        and documents.document_id = actions.document_id
)

select * from final
