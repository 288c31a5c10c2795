-- grain: one row per entity, or for the group, side, month end and step of 30 days
-- key: scope_id, side, month_no, roll_no
-- question: How much was open at each month end, by steps of 30 days overdue?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group for the sum of the entities without intercompany
--   side: customer or supplier
--   month_no: month, see int_months
--   month_end_date: end of the month; the as-of date for the month that holds it
--   roll_no: step of 30 days overdue, see int_month_balances
--   debit_amount: open items in the normal direction of the side
-- decisions: 15, 17, 34, 48
with

month_balances as (
    select * from int_group_month_balances
),

accounts as (
    select
        int_accounts.account_key,
        int_accounts.entity_id,
        int_accounts.side,
        int_accounts.is_intercompany,
        members.is_home,
    from int_accounts
    inner join int_group_entities as members on members.entity_no = int_accounts.entity_no
),

entities as materialized (
    select
        accounts.entity_id,
        accounts.side,
        not accounts.is_intercompany and (accounts.is_home or month_balances.is_translated)
            as is_group,
        month_balances.is_translated,
        month_balances.month_no,
        month_balances.month_end_date,
        month_balances.roll_no,
        sum(month_balances.debit_amount) as debit_amount,
    from month_balances
    inner join accounts on accounts.account_key = month_balances.account_key
    group by all
),

missing_rates as (
    select missing_date
    from int_group_missing_rates
    where is_month_end
),

-- an amount counts for its entity and, where it is outside the group, for the group
scopes as (
    select
        entity_id as scope_id,
        side,
        month_no,
        month_end_date,
        roll_no,
        debit_amount,
    from entities
    where not is_translated
    union all
    select
        'group' as scope_id,
        side,
        month_no,
        month_end_date,
        roll_no,
        debit_amount,
    from entities
    where is_group and month_end_date not in (select missing_date from missing_rates)
),

final as (
    select
        scope_id,
        side,
        month_no,
        month_end_date,
        roll_no,
        cast(sum(debit_amount) as decimal(18, 2)) as debit_amount,
    from scopes
    group by scope_id, side, month_no, month_end_date, roll_no
)

select * from final
