-- grain: one row per entity, side, whether the customer belongs to the group, month and number of
--   days
-- key: entity_id, side, is_intercompany, month_end_date, after_days
-- question: How much of what was invoiced in a month is unpaid some days after each invoice?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   is_intercompany: the counterparty belongs to the group
--   month_end_date: last day of the month in which the invoices were entered
--   after_days: days since each invoice was entered
--   invoiced_amount: invoices of the month, tax included
--   credit_note_amount: credit notes of the month, negative
--   unpaid_amount: what was open of the invoices that many days after, whether that day has come at
--     the as-of date or not: the marts show complete cells only
-- decisions: 13, 34
with

items as not materialized (
    select * from int_items
    where is_aged
),

balances as not materialized (
    select * from int_item_balances
),

origins as (
    select
        line_key,
        root_key,
    from int_item_origins
),

-- entity, side and intercompany in one number, so that the many rows are grouped fast
accounts as (
    select
        account_key,
        entity_id,
        side,
        is_intercompany,
        cast(entity_no as integer) * 4
        + case when side = 'supplier' then 2 else 0 end
        + case when is_intercompany then 1 else 0 end as cohort_key,
    from int_accounts
),

keys as (
    select distinct
        cohort_key,
        entity_id,
        side,
        is_intercompany,
    from accounts
),

cohort_days as (
    select unnest([0, 30, 60, 90, 120, 180, 360]) as after_days
),

-- settled at once or never: one period
single as (
    select
        accounts.cohort_key,
        last_day(items.movement_date) as month_end_date,
        cast(0 as bigint) as from_age,
        coalesce(least(items.closed_on - items.movement_date, 361), 361) as to_age,
        sum(items.amount) as amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    where
        items.is_sale
        and items.amount > 0
        and (items.first_settled_on is null or items.first_settled_on >= items.closed_on)
    group by all
),

several_items as (
    select
        item_key,
        account_key,
        movement_date,
    from items
    where
        is_sale
        and amount > 0
        and first_settled_on is not null
        and (closed_on is null or first_settled_on < closed_on)
),

-- what a bill or a doubtful account takes over is still unpaid, and a bounced payment is none
continued_items as (
    select
        origins.line_key as item_key,
        roots.account_key,
        roots.movement_date,
    from origins
    inner join items as roots on roots.item_key = origins.root_key
    where roots.is_sale and roots.amount > 0
),

several as (
    select
        accounts.cohort_key,
        last_day(followed.movement_date) as month_end_date,
        greatest(0, least(balances.valid_from - followed.movement_date, 361)) as from_age,
        greatest(0, coalesce(least(balances.valid_to - followed.movement_date, 361), 361))
            as to_age,
        sum(balances.balance_amount) as amount,
    from balances
    inner join (
        select * from several_items
        union all
        select * from continued_items
    ) as followed on followed.item_key = balances.item_key
    inner join accounts on accounts.account_key = followed.account_key
    where balances.balance_amount > 0 and balances.is_aged
    group by all
),

periods as (
    select * from single
    union all
    select * from several
),

-- fans out on purpose: a period counts at each number of days that it holds
unpaid as (
    select
        periods.cohort_key,
        periods.month_end_date,
        cohort_days.after_days,
        sum(periods.amount) as unpaid_amount,
    from periods
    inner join cohort_days
        on cohort_days.after_days >= periods.from_age
        and cohort_days.after_days < periods.to_age
    group by all
),

sales as (
    select
        accounts.cohort_key,
        last_day(items.movement_date) as month_end_date,
        sum(greatest(items.amount, 0)) as invoiced_amount,
        sum(least(items.amount, 0)) as credit_note_amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    where items.is_sale
    group by all
),

final as (
    select
        keys.entity_id,
        keys.side,
        keys.is_intercompany,
        sales.month_end_date,
        cohort_days.after_days,
        cast(sales.invoiced_amount as decimal(18, 2)) as invoiced_amount,
        cast(sales.credit_note_amount as decimal(18, 2)) as credit_note_amount,
        cast(coalesce(unpaid.unpaid_amount, 0) as decimal(18, 2)) as unpaid_amount,
    from sales
    inner join keys on keys.cohort_key = sales.cohort_key
    cross join cohort_days
    left join unpaid
        on unpaid.cohort_key = sales.cohort_key
        and unpaid.month_end_date = sales.month_end_date
        and unpaid.after_days = cohort_days.after_days
)

select * from final
