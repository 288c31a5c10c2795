-- severity: fail
-- sentence: The open items of these control accounts do not add up to the ledger.
select
    entity_id,
    side,
    account_family,
    ledger_amount,
    items_amount,
    buckets_amount,
    difference_amount,
from mart_reconciliation
where difference_amount <> 0
