-- grain: one row per side and ageing bucket that is not empty
-- key: side, ageing_bucket
-- sort: side, bucket_order
-- question: What is owed to the group from outside, and for how long?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   ageing_bucket: bucket of days overdue
--   bucket_order: order of the bucket
--   open_amount: debits less credits, currency of the group, positive in the direction of the side
--   debit_amount: open items in the normal direction of the side, currency of the group
--   credit_amount: open credits, negative, currency of the group
--   item_count: open items
--   intercompany_amount: debits less credits left out, currency of the group
-- decisions: 14, 17, 48
with

open_items as (
    select * from int_open_items
    where is_aged
),

accounts as (
    select int_accounts.*
    from int_accounts
    inner join int_group_entities as members on members.entity_no = int_accounts.entity_no
    where members.is_home
),

buckets as (
    select * from ref_ageing_buckets
),

translated as (
    select * from int_group_open_balances
),

home as (
    select
        accounts.side,
        open_items.bucket_order,
        accounts.is_intercompany,
        sum(greatest(open_items.open_amount, 0)) as debit_amount,
        sum(least(open_items.open_amount, 0)) as credit_amount,
        count(*) as item_count,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
    group by accounts.side, open_items.bucket_order, accounts.is_intercompany
),

split as (
    select
        side,
        bucket_order,
        is_intercompany,
        debit_amount,
        credit_amount,
        item_count,
    from home
    union all
    select
        side,
        bucket_order,
        is_intercompany,
        debit_amount,
        credit_amount,
        item_count,
    from translated
),

-- where a rate is missing nothing is told: a sum without an entity would look like one
final as (
    select
        'group' as entity_id,
        split.side,
        buckets.ageing_bucket,
        split.bucket_order,
        cast(coalesce(sum(split.debit_amount + split.credit_amount)
            filter (where not split.is_intercompany), 0) as decimal(18, 2)) as open_amount,
        cast(coalesce(sum(split.debit_amount) filter (where not split.is_intercompany), 0)
            as decimal(18, 2)) as debit_amount,
        cast(coalesce(sum(split.credit_amount) filter (where not split.is_intercompany), 0)
            as decimal(18, 2)) as credit_amount,
        cast(coalesce(sum(split.item_count) filter (where not split.is_intercompany), 0) as bigint)
            as item_count,
        cast(coalesce(sum(split.debit_amount + split.credit_amount)
            filter (where split.is_intercompany), 0) as decimal(18, 2)) as intercompany_amount,
    from split
    inner join buckets on buckets.bucket_order = split.bucket_order
    where not exists (
        select 1
        from int_group_missing_rates as missing
        inner join params on params.as_of = missing.missing_date
        where missing.is_month_end
    )
    group by split.side, buckets.ageing_bucket, split.bucket_order
)

select * from final
