-- severity: warn
-- sentence: These cases of the CRM are disputes, but their account is no customer of a ledger: they
--   are in no figure. Link the account by its code, see crm_accounts_find_their_customer.
select
    source,
    case_id,
    document_id,
    reason,
    opened_on,
from int_crm_disputes
where entity_no is null
