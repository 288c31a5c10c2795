-- severity: warn
-- sentence: These accounts of the CRM have a code that no ledger or several entities have, or
--   another account of the same customer was changed later. Correct the code or its entity in the
--   CRM; accounts without a code are prospects and not listed.
select
    source,
    crm_id,
    crm_name,
    account_number,
    code_status,
    link_status,
    counterparties,
from mart_crm_accounts
where
    (code_status in ('unknown', 'ambiguous', 'unknown_entity') and link_status = 'none')
    or link_status = 'superseded'
