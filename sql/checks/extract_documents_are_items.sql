-- severity: fail
-- sentence: These documents of the extracts are not among the items: the control accounts in
--   sql/ref/control_accounts.csv need a plain, aged one for each side.
select
    int_erp_documents.entity_no,
    int_erp_documents.side,
    int_erp_documents.document_id,
    int_erp_documents.amount,
from int_erp_documents
anti join int_items on int_items.item_key = int_erp_documents.line_key
