-- grain: one row per row of int_month_balances, and one more, translated, where its entity is
-- key: is_translated, month_no, account_key, bucket_order, roll_no
-- question: What was open at each month end, and what was that worth in the currency of the group?
-- materialized: view
-- columns:
--   month_no: month, see int_months
--   month_end_date: date of the balance, whose rate counts
--   account_key: third-party account
--   bucket_order: order of the ageing bucket
--   roll_no: step of 30 days overdue, see int_month_balances
--   is_translated: amounts in the currency of the group; else in that of the entity
--   open_amount: debits less credits
--   debit_amount: open items in the normal direction of the side
--   credit_amount: open credits, negative
--   item_count: open items
-- decisions: 14, 15, 48
with

accounts as (
    select
        int_accounts.account_key,
        int_accounts.entity_no,
        int_accounts.side,
        int_accounts.is_intercompany,
    from int_accounts
    inner join int_group_entities as members on members.entity_no = int_accounts.entity_no
    where members.is_translated
),

-- read once: a session computes them when they are asked
all_balances as materialized (
    select * from int_month_balances
),

month_balances as (
    select
        all_balances.*,
        accounts.entity_no,
        accounts.side,
        accounts.is_intercompany,
    from all_balances
    inner join accounts on accounts.account_key = all_balances.account_key
),

rates as (
    select * from int_group_rates
),

-- debits and credits apart; a count stands with the first of the two
cells as (
    select
        *,
        false as is_credit,
        debit_amount as amount,
        item_count as cell_count,
    from month_balances
    union all
    select
        *,
        true as is_credit,
        credit_amount as amount,
        0 as cell_count,
    from month_balances
),

-- a cell is the difference of two rounded running balances: cells add up to the rounded whole
running as (
    select
        *,
        sum(amount) over upwards as until_amount,
        sum(amount) over upwards - amount as before_amount,
    from cells
    window upwards as (
        partition by entity_no, side, month_no
        order by is_intercompany, bucket_order, is_credit, account_key, roll_no
        rows between unbounded preceding and current row
    )
),

valued as (
    select
        running.*,
        sign(running.until_amount) * (
            (
                2 * cast(abs(running.until_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) - sign(running.before_amount) * (
            (
                2 * cast(abs(running.before_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as cents,
    from running
    inner join rates
        on rates.entity_no = running.entity_no
        and rates.rate_date = running.month_end_date
),

final as (
    select
        month_no,
        month_end_date,
        account_key,
        bucket_order,
        roll_no,
        false as is_translated,
        open_amount,
        debit_amount,
        credit_amount,
        cast(item_count as bigint) as item_count,
    from all_balances
    union all
    select
        month_no,
        month_end_date,
        account_key,
        bucket_order,
        roll_no,
        true as is_translated,
        cast(sum(cents) * 0.01 as decimal(18, 2)) as open_amount,
        cast(coalesce(sum(cents) filter (where not is_credit), 0) * 0.01 as decimal(18, 2))
            as debit_amount,
        cast(coalesce(sum(cents) filter (where is_credit), 0) * 0.01 as decimal(18, 2))
            as credit_amount,
        cast(sum(cell_count) as bigint) as item_count,
    from valued
    group by month_no, month_end_date, account_key, bucket_order, roll_no
)

select * from final
