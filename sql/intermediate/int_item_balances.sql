-- grain: one row per item and period in which its balance is constant and not zero
-- key: item_key, valid_from
-- question: What is open at a date? valid_from <= D and (valid_to is null or valid_to > D)
-- materialized: table
-- columns:
--   item_key: the item
--   account_key: third-party account
--   is_aged: part of the open amount and of the ageing
--   due_date: date from which it is overdue
--   is_age_unknown: nothing tells the age
--   valid_from: first day of the period
--   valid_to: first day after the period, null while it lasts
--   balance_amount: what is open, positive in the normal direction of the side
-- decisions: 12
with

items as not materialized (
    select * from int_items
),

allocations as not materialized (
    select * from int_allocations
),

-- never settled, or settled at once: one period
single as (
    select
        item_key,
        account_key,
        is_aged,
        due_date,
        is_age_unknown,
        movement_date as valid_from,
        closed_on as valid_to,
        amount as balance_amount,
    from items
    where first_settled_on is null or first_settled_on >= closed_on
),

-- settled in several steps, or in part
several_items as (
    select * from items
    where first_settled_on is not null and (closed_on is null or first_settled_on < closed_on)
),

events as (
    select
        item_key,
        movement_date as valid_from,
        amount,
    from several_items
    union all
    select
        several_items.item_key,
        allocations.allocation_date as valid_from,
        -allocations.amount as amount,
    from allocations
    inner join several_items on several_items.item_key = allocations.debit_key
    union all
    select
        several_items.item_key,
        allocations.allocation_date as valid_from,
        allocations.amount,
    from allocations
    inner join several_items on several_items.item_key = allocations.credit_key
),

event_days as (
    select
        item_key,
        valid_from,
        sum(amount) as amount,
    from events
    group by item_key, valid_from
),

steps as (
    select
        item_key,
        valid_from,
        lead(valid_from) over item as next_date,
        sum(amount) over item as balance_amount,
    from event_days
    window item as (partition by item_key order by valid_from)
),

several as (
    select
        steps.item_key,
        several_items.account_key,
        several_items.is_aged,
        several_items.due_date,
        several_items.is_age_unknown,
        steps.valid_from,
        coalesce(steps.next_date, several_items.closed_on) as valid_to,
        steps.balance_amount,
    from steps
    inner join several_items on several_items.item_key = steps.item_key
    where steps.balance_amount <> 0
),

final as (
    select * from single
    union all
    select * from several
)

select
    item_key,
    account_key,
    is_aged,
    due_date,
    is_age_unknown,
    valid_from,
    valid_to,
    cast(balance_amount as decimal(18, 2)) as balance_amount,
from final
where valid_to is null or valid_to > valid_from
