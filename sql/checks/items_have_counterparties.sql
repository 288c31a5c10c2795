-- severity: fail
-- sentence: These items belong to no counterparty.
select
    fct_items.entity_id,
    fct_items.item_id,
    fct_items.counterparty_id,
from fct_items
left join dim_counterparties
    on dim_counterparties.entity_id = fct_items.entity_id
    and dim_counterparties.side = fct_items.side
    and dim_counterparties.counterparty_id = fct_items.counterparty_id
where dim_counterparties.counterparty_id is null
