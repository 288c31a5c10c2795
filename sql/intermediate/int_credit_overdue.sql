-- grain: one row per customer with an item that is overdue for longer than the policy allows
-- key: counterparty_no
-- question: How much is overdue for longer than the policy of credit decisions allows?
-- materialized: view
-- columns:
--   counterparty_no: rank of the counterparty
--   long_overdue_amount: open items past due by more days than ref_decision_policy says, without
--     credits, currency of the entity
-- decisions: 14, 70
with

open_items as (
    select * from int_open_items
    where is_aged and open_amount > 0
),

accounts as (
    select
        account_key,
        counterparty_no,
    from int_accounts
    where side = 'customer'
),

policy as (
    select max(overdue_days) as overdue_days from ref_decision_policy
),

final as (
    select
        accounts.counterparty_no,
        cast(sum(open_items.open_amount) as decimal(18, 2)) as long_overdue_amount,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
    cross join policy
    where open_items.overdue_days > policy.overdue_days
    group by accounts.counterparty_no
)

select * from final
