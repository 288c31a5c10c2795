-- severity: fail
-- sentence: The ageing by invoice date of these counterparties is not their ageing by due date.
with

by_due_date as (
    select
        entity_id,
        side,
        counterparty_id,
        sum(open_amount) as open_amount,
        sum(debit_amount) as debit_amount,
        sum(item_count) as item_count,
    from mart_ageing
    group by entity_id, side, counterparty_id
),

by_issue_date as (
    select
        entity_id,
        side,
        counterparty_id,
        sum(open_amount) as open_amount,
        sum(debit_amount) as debit_amount,
        sum(item_count) as item_count,
    from mart_ageing_by_issue_date
    group by entity_id, side, counterparty_id
)

select
    coalesce(by_due_date.entity_id, by_issue_date.entity_id) as entity_id,
    coalesce(by_due_date.side, by_issue_date.side) as side,
    coalesce(by_due_date.counterparty_id, by_issue_date.counterparty_id) as counterparty_id,
    by_due_date.open_amount as due_date_amount,
    by_issue_date.open_amount as issue_date_amount,
from by_due_date
full join by_issue_date
    on by_issue_date.entity_id = by_due_date.entity_id
    and by_issue_date.side = by_due_date.side
    and by_issue_date.counterparty_id = by_due_date.counterparty_id
where
    by_issue_date.open_amount is distinct from by_due_date.open_amount
    or by_issue_date.debit_amount is distinct from by_due_date.debit_amount
    or by_issue_date.item_count is distinct from by_due_date.item_count
