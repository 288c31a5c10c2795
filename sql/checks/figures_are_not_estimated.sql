-- severity: warn
-- sentence: These ledgers carry no lettering: which payment settles which invoice is
--   estimated, first in first out.
select
    int_accounts.entity_id,
    int_accounts.side,
    count(*) as item_count,
from int_items
inner join int_accounts on int_accounts.account_key = int_items.account_key
where int_items.is_estimated
group by int_accounts.entity_id, int_accounts.side
