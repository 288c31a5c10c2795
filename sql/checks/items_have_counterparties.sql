-- severity: fail
-- sentence: The items of these accounts belong to no counterparty.
with

item_accounts as (
    select distinct account_key from int_items
)

select
    item_accounts.account_key,
    int_accounts.entity_id,
    int_accounts.side,
    int_accounts.counterparty_id,
from item_accounts
left join int_accounts on int_accounts.account_key = item_accounts.account_key
left join dim_counterparties
    on dim_counterparties.entity_id = int_accounts.entity_id
    and dim_counterparties.side = int_accounts.side
    and dim_counterparties.counterparty_id = int_accounts.counterparty_id
where dim_counterparties.counterparty_id is null
