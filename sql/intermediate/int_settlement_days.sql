-- grain: one row per entity, side, whether the counterparty belongs to the group, day, and month of
--   the credit
-- key: entity_id, side, is_intercompany, settlement_date, credit_month_date
-- question: What was credited each day, how much of it is matched, and how late did cash come?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   is_intercompany: the counterparty belongs to the group
--   settlement_date: accounting date of credits; date of the allocation of the rest
--   credit_month_date: first day of the month in which the credit was entered
--   credit_amount: payments, credit notes and other credits, openings left out, positive
--   lettered_amount: what of such credits is allocated that day, first in first out left out
--   paid_amount: cash allocated that day to documents whose dates are known
--   pay_day_amount: the same x days from the date of the document
--   late_day_amount: the same x days past the due date, 0 where it is paid in time
-- decisions: 30
with

accounts as (
    select
        account_key,
        -- one small integer to group by
        entity_no * 4 + case when side = 'supplier' then 2 else 0 end
        + case when is_intercompany then 1 else 0 end as part_key,
    from int_accounts
    where is_aged
),

parts as (
    select distinct
        entity_no * 4 + case when side = 'supplier' then 2 else 0 end
        + case when is_intercompany then 1 else 0 end as part_key,
        entity_id,
        side,
        is_intercompany,
    from int_accounts
    where is_aged
),

credits as (
    select
        items.item_key,
        accounts.part_key,
        items.movement_date,
        items.amount,
    from int_items as items
    inner join accounts on accounts.account_key = items.account_key
    where items.amount < 0 and items.item_type <> 'opening'
),

documents as (
    select
        items.item_key,
        accounts.part_key,
        items.issue_date,
        items.due_date,
    from int_items as items
    inner join accounts on accounts.account_key = items.account_key
    where
        items.amount > 0
        and items.issue_date is not null
        and items.due_date is not null
        and not items.is_age_unknown
),

allocations as not materialized (
    select * from int_allocations
),

credited as (
    select
        part_key,
        movement_date as settlement_date,
        cast(date_trunc('month', movement_date) as date) as credit_month_date,
        -sum(amount) as credit_amount,
        0 as lettered_amount,
        0 as paid_amount,
        0 as pay_day_amount,
        0 as late_day_amount,
    from credits
    group by all
),

lettered as (
    select
        credits.part_key,
        allocations.allocation_date as settlement_date,
        cast(date_trunc('month', credits.movement_date) as date) as credit_month_date,
        0 as credit_amount,
        sum(allocations.amount) as lettered_amount,
        0 as paid_amount,
        0 as pay_day_amount,
        0 as late_day_amount,
    from allocations
    inner join credits on credits.item_key = allocations.credit_key
    where allocations.match_method <> 'estimated_fifo'
    group by all
),

-- the debit decides: it is the document that is paid
paid as (
    select
        documents.part_key,
        allocations.allocation_date as settlement_date,
        cast(date_trunc('month', allocations.allocation_date) as date) as credit_month_date,
        0 as credit_amount,
        0 as lettered_amount,
        sum(allocations.amount) as paid_amount,
        sum(allocations.amount * cast(
            allocations.allocation_date - documents.issue_date as integer
        )) as pay_day_amount,
        sum(allocations.amount * cast(
            greatest(0, allocations.allocation_date - documents.due_date) as integer
        )) as late_day_amount,
    from allocations
    inner join documents on documents.item_key = allocations.debit_key
    where allocations.settlement_kind = 'cash'
    group by all
),

days as (
    select * from credited
    union all
    select * from lettered
    union all
    select * from paid
),

final as (
    select
        parts.entity_id,
        parts.side,
        parts.is_intercompany,
        days.settlement_date,
        days.credit_month_date,
        cast(sum(days.credit_amount) as decimal(18, 2)) as credit_amount,
        cast(sum(days.lettered_amount) as decimal(18, 2)) as lettered_amount,
        cast(sum(days.paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(days.pay_day_amount) as decimal(24, 2)) as pay_day_amount,
        cast(sum(days.late_day_amount) as decimal(24, 2)) as late_day_amount,
    from days
    inner join parts on parts.part_key = days.part_key
    group by all
)

select * from final
