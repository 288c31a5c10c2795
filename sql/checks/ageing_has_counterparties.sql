-- severity: fail
-- sentence: These rows of the ageing belong to no counterparty.
select
    mart_ageing.entity_id,
    mart_ageing.side,
    mart_ageing.counterparty_id,
from mart_ageing
left join dim_counterparties
    on dim_counterparties.entity_id = mart_ageing.entity_id
    and dim_counterparties.side = mart_ageing.side
    and dim_counterparties.counterparty_id = mart_ageing.counterparty_id
where dim_counterparties.counterparty_id is null
