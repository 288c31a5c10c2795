-- severity: fail
-- sentence: The overdue items of the reminders do not add up to what is overdue in the ageing.
with

items as (
    select
        entity_id,
        counterparty_id,
        sum(open_amount) as open_amount,
        count(*) filter (where open_amount <= 0 or overdue_days <= 0) as wrong_count,
        sum(open_amount) filter (where is_to_remind) as remind_amount,
    from mart_dunning_items
    group by entity_id, counterparty_id
),

balances as (
    select
        entity_id,
        counterparty_id,
        overdue_amount,
    from mart_counterparty_balances
    where side = 'customer' and overdue_amount <> 0
),

dunning as (
    select * from mart_dunning
)

select
    coalesce(items.entity_id, balances.entity_id) as entity_id,
    coalesce(items.counterparty_id, balances.counterparty_id) as counterparty_id,
    items.open_amount as dunning_amount,
    balances.overdue_amount as ageing_amount,
    dunning.remind_amount,
from items
full join balances
    on balances.entity_id = items.entity_id
    and balances.counterparty_id = items.counterparty_id
left join dunning
    on dunning.entity_id = items.entity_id
    and dunning.counterparty_id = items.counterparty_id
where
    items.open_amount is distinct from balances.overdue_amount
    or items.wrong_count > 0
    or dunning.overdue_amount is distinct from items.open_amount
    or dunning.remind_amount is distinct from coalesce(items.remind_amount, 0)
