-- grain: one row per side, month end and ageing bucket that is not empty
-- key: side, month_end_date, ageing_bucket
-- sort: side, month_end_date, bucket_order
-- question: How did the ageing of the group move, without what its entities owe one another?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   month_end_date: end of the month; the as-of date for the month that holds it
--   ageing_bucket: bucket of days overdue at that date
--   bucket_order: order of the bucket
--   open_amount: debits less credits, currency of the group, positive in the direction of the side
--   debit_amount: open items in the normal direction of the side, currency of the group
--   credit_amount: open credits, negative, currency of the group
--   item_count: open items
--   intercompany_amount: debits less credits left out, currency of the group
-- decisions: 14, 15, 17, 48
with

month_balances as (
    select * from int_group_month_balances
),

accounts as (
    select
        int_accounts.*,
        members.is_translated,
    from int_accounts
    inner join int_group_entities as members on members.entity_no = int_accounts.entity_no
    where members.is_home or members.is_translated
),

buckets as (
    select * from ref_ageing_buckets
),

split as (
    select
        accounts.side,
        month_balances.month_end_date,
        month_balances.bucket_order,
        accounts.is_intercompany,
        sum(month_balances.open_amount) as open_amount,
        sum(month_balances.debit_amount) as debit_amount,
        sum(month_balances.credit_amount) as credit_amount,
        sum(month_balances.item_count) as item_count,
    from month_balances
    inner join accounts
        on accounts.account_key = month_balances.account_key
        and accounts.is_translated = month_balances.is_translated
    group by all
),

-- where a rate is missing nothing is told: a sum without an entity would look like one
final as (
    select
        'group' as entity_id,
        split.side,
        split.month_end_date,
        buckets.ageing_bucket,
        split.bucket_order,
        cast(coalesce(sum(split.open_amount) filter (where not split.is_intercompany), 0)
            as decimal(18, 2)) as open_amount,
        cast(coalesce(sum(split.debit_amount) filter (where not split.is_intercompany), 0)
            as decimal(18, 2)) as debit_amount,
        cast(coalesce(sum(split.credit_amount) filter (where not split.is_intercompany), 0)
            as decimal(18, 2)) as credit_amount,
        cast(coalesce(sum(split.item_count) filter (where not split.is_intercompany), 0)
            as bigint) as item_count,
        cast(coalesce(sum(split.open_amount) filter (where split.is_intercompany), 0)
            as decimal(18, 2)) as intercompany_amount,
    from split
    inner join buckets on buckets.bucket_order = split.bucket_order
    where split.month_end_date not in (
        select missing_date from int_group_missing_rates
        where is_month_end
    )
    group by split.side, split.month_end_date, buckets.ageing_bucket, split.bucket_order
)

select * from final
