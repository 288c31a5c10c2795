-- grain: one row per forecast date, open item and day for which a part of it is promised
-- key: forecast_no, item_key, promised_date
-- question: Which part of an open item is promised for which day, as known at the date?
-- materialized: table
-- columns:
--   forecast_no: forecast date, see int_forecast_dates
--   item_key: the item
--   promised_date: day by which it was promised, after the forecast date
--   promised_amount: part of the open amount, positive
-- decisions: 35
with

promise_items as (
    select * from int_promise_items
),

known as (
    select
        dates.forecast_no,
        dates.forecast_date,
        promise_items.*,
        max(promise_items.made_on) over (
            partition by dates.forecast_no, promise_items.pool_no
        ) as last_made_on,
    from promise_items
    inner join int_forecast_dates as dates on promise_items.made_on <= dates.forecast_date
),

-- what was said last counts, and only while its day is ahead
standing as (
    select * from known
    where made_on = last_made_on and promised_date > forecast_date
),

sums as (
    select
        forecast_no,
        pool_no,
        promised_date,
        sum(amount) as amount,
    from (
        select distinct forecast_no, pool_no, promise_id, promised_date, amount from standing
    )
    group by forecast_no, pool_no, promised_date
),

promised as (
    select
        *,
        sum(amount) over (
            partition by forecast_no, pool_no order by promised_date
        ) as to_amount,
    from sums
),

-- the items of a document, or those of the account of which none is promised by itself
members as (
    select distinct
        forecast_no,
        forecast_date,
        pool_no,
        item_key,
    from standing
    where item_key is not null
    union all
    select
        pools.forecast_no,
        pools.forecast_date,
        pools.pool_no,
        items.item_key,
    from (
        select distinct forecast_no, forecast_date, pool_no
        from standing
        where item_key is null
    ) as pools
    inner join int_accounts as accounts on -accounts.counterparty_no = pools.pool_no
    inner join int_items as items on items.account_key = accounts.account_key
    where not exists (
        select 1
        from standing
        where
            standing.forecast_no = pools.forecast_no
            and standing.item_key = items.item_key
    )
),

open_members as (
    select
        members.forecast_no,
        members.pool_no,
        members.item_key,
        balances.balance_amount,
        sum(balances.balance_amount) over (
            partition by members.forecast_no, members.pool_no
            order by balances.due_date nulls last, members.item_key
        ) as to_amount,
    from members
    inner join int_item_balances as balances
        on balances.item_key = members.item_key
        and balances.valid_from <= members.forecast_date
        and coalesce(balances.valid_to, date '9999-12-31') > members.forecast_date
    where balances.is_aged and balances.balance_amount > 0
),

-- what is promised fills the items, oldest first: both are laid end to end
final as (
    select
        open_members.forecast_no,
        open_members.item_key,
        promised.promised_date,
        cast(sum(
            least(open_members.to_amount, promised.to_amount)
            - greatest(
                open_members.to_amount - open_members.balance_amount,
                promised.to_amount - promised.amount
            )
        ) as decimal(18, 2)) as promised_amount,
    from open_members
    inner join promised
        on promised.forecast_no = open_members.forecast_no
        and promised.pool_no = open_members.pool_no
        and promised.to_amount > open_members.to_amount - open_members.balance_amount
        and promised.to_amount - promised.amount < open_members.to_amount
    group by open_members.forecast_no, open_members.item_key, promised.promised_date
)

select * from final
