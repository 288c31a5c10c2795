-- grain: one row per item and period in which its balance is constant and not zero
-- key: item_key, valid_from
-- question: What is open at a date? valid_from <= D and (valid_to is null or valid_to > D)
-- materialized: table
-- columns:
--   item_key: the item
--   account_key: third-party account
--   side: customer or supplier
--   is_aged: part of the open amount and of the ageing
--   item_type: kind of item
--   due_date: date from which it is overdue
--   is_age_unknown: nothing tells the age
--   valid_from: first day of the period
--   valid_to: first day after the period, null while it lasts
--   balance_amount: what is open, positive in the normal direction of the side
-- decisions: 12
with

items as (
    select * from int_items
),

allocations as (
    select * from int_allocations
),

steps as (
    select
        item_key,
        step_date,
        sum(amount) as amount,
    from (
        select
            debit_key as item_key,
            allocation_date as step_date,
            -amount as amount,
        from allocations
        union all
        select
            credit_key as item_key,
            allocation_date as step_date,
            amount,
        from allocations
    )
    group by item_key, step_date
),

step_totals as (
    select
        item_key,
        count(*) as step_count,
        sum(amount) as amount,
    from steps
    group by item_key
),

measured as (
    select
        items.item_key,
        items.movement_date,
        items.closed_on,
        items.amount,
        -- never settled, or settled at once: one period
        step_totals.item_key is null
        or (step_totals.step_count = 1 and step_totals.amount = -items.amount) as is_single,
    from items
    left join step_totals on step_totals.item_key = items.item_key
),

single as (
    select
        item_key,
        movement_date as valid_from,
        closed_on as valid_to,
        amount as balance_amount,
    from measured
    where is_single
),

-- settled in several steps, or in part
events as (
    select
        item_key,
        movement_date as valid_from,
        closed_on,
        amount,
    from measured
    where not is_single
    union all
    select
        steps.item_key,
        steps.step_date as valid_from,
        measured.closed_on,
        steps.amount,
    from steps
    inner join measured on measured.item_key = steps.item_key
    where not measured.is_single
),

several as (
    select
        item_key,
        valid_from,
        closed_on,
        lead(valid_from) over (partition by item_key order by valid_from) as next_date,
        sum(amount) over (
            partition by item_key order by valid_from
        ) as balance_amount,
    from (
        select
            item_key,
            valid_from,
            max(closed_on) as closed_on,
            sum(amount) as amount,
        from events
        group by item_key, valid_from
    )
),

periods as (
    select
        item_key,
        valid_from,
        valid_to,
        balance_amount,
    from single
    union all
    select
        item_key,
        valid_from,
        coalesce(next_date, closed_on) as valid_to,
        balance_amount,
    from several
    where balance_amount <> 0
),

final as (
    select
        periods.item_key,
        items.account_key,
        items.side,
        items.is_aged,
        items.item_type,
        items.due_date,
        items.is_age_unknown,
        periods.valid_from,
        periods.valid_to,
        cast(periods.balance_amount as decimal(18, 2)) as balance_amount,
    from periods
    inner join items on items.item_key = periods.item_key
    where periods.valid_to is null or periods.valid_to > periods.valid_from
)

select * from final
