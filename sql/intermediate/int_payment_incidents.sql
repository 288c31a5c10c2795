-- grain: one row per date of scoring and counterparty with a returned payment or a broken promise
-- key: month_no, counterparty_no
-- question: Which payments came back and which promises were broken in the months before a date?
-- materialized: view
-- columns:
--   month_no: date of scoring, see int_score_months
--   counterparty_no: rank of the counterparty
--   reject_count: payments that came back in twelve months
--   due_promise_count: promises of which the deadline passed in twelve months
--   broken_count: of these broken
-- decisions: 44, 53
with

months as (
    select * from int_score_months
),

keys as (
    select * from int_counterparty_keys
),

accounts as (
    select
        account_key,
        counterparty_no,
    from int_accounts
),

items as not materialized (
    select * from int_items
),

promises as (
    select * from int_promises
    where is_due
),

rejects as (
    select
        months.month_no,
        accounts.counterparty_no,
        1 as reject_count,
        0 as due_promise_count,
        0 as broken_count,
    from items
    inner join accounts on accounts.account_key = items.account_key
    inner join months
        on items.movement_date <= months.score_date
        and items.movement_date > months.after_12m
    where items.item_type = 'payment_reject' and items.amount > 0
),

-- what came in by the deadline does not change after it
due as (
    select
        months.month_no,
        keys.counterparty_no,
        0 as reject_count,
        1 as due_promise_count,
        case when promises.status = 'broken' then 1 else 0 end as broken_count,
    from promises
    inner join keys
        on keys.entity_id = promises.entity_id
        and keys.side = 'customer'
        and upper(trim(keys.counterparty_id)) = upper(trim(promises.counterparty_id))
    inner join months
        on promises.deadline_date < months.score_date
        and promises.made_date <= months.score_date
        and promises.deadline_date >= months.after_12m
),

events as (
    select * from rejects
    union all
    select * from due
),

final as (
    select
        month_no,
        counterparty_no,
        cast(sum(reject_count) as integer) as reject_count,
        cast(sum(due_promise_count) as integer) as due_promise_count,
        cast(sum(broken_count) as integer) as broken_count,
    from events
    group by month_no, counterparty_no
)

select * from final
