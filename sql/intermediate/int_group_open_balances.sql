-- grain: one row per account of a translated entity and ageing bucket that is open
-- key: account_key, bucket_order
-- question: What is open at the as-of date worth in the currency of the group?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   account_key: third-party account
--   side: customer or supplier
--   is_intercompany: the counterparty belongs to the group
--   bucket_order: order of the ageing bucket
--   debit_amount: open items in the normal direction of the side, currency of the group
--   credit_amount: open credits, negative, currency of the group
--   item_count: open items
-- decisions: 14, 48
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

open_items as (
    select * from int_open_items
    where is_aged
),

rates as (
    select int_group_rates.*
    from int_group_rates
    inner join params on params.as_of = int_group_rates.rate_date
),

cells as (
    select
        accounts.entity_no,
        accounts.account_key,
        accounts.side,
        accounts.is_intercompany,
        open_items.bucket_order,
        open_items.open_amount < 0 as is_credit,
        sum(open_items.open_amount) as amount,
        count(*) as item_count,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
    group by all
),

-- a cell is the difference of two rounded running balances: cells add up to the rounded whole
running as (
    select
        *,
        sum(amount) over upwards as until_amount,
        sum(amount) over upwards - amount as before_amount,
    from cells
    window upwards as (
        partition by entity_no, side
        order by is_intercompany, bucket_order, is_credit, account_key
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
    inner join rates on rates.entity_no = running.entity_no
),

final as (
    select
        entity_no,
        account_key,
        side,
        is_intercompany,
        bucket_order,
        cast(coalesce(sum(cents) filter (where not is_credit), 0) * 0.01 as decimal(18, 2))
            as debit_amount,
        cast(coalesce(sum(cents) filter (where is_credit), 0) * 0.01 as decimal(18, 2))
            as credit_amount,
        cast(sum(item_count) as bigint) as item_count,
    from valued
    group by entity_no, account_key, side, is_intercompany, bucket_order
)

select * from final
