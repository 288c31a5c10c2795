-- severity: warn
-- sentence: The opening balance of these accounts is not the closing balance of the year
--   before: the year before may have been extracted too early.
select
    int_accounts.entity_id,
    int_accounts.side,
    int_accounts.account,
    int_accounts.counterparty_id,
    int_opening_gaps.fiscal_year_start,
    int_opening_gaps.closing_amount,
    int_opening_gaps.opening_amount,
from int_opening_gaps
inner join int_accounts on int_accounts.account_key = int_opening_gaps.account_key
