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
-- decisions: 14, 17
with

open_items as (
    select * from int_open_items
    where is_aged
),

accounts as (
    select int_accounts.*
    from int_accounts
    inner join project_entities on project_entities.entity_no = int_accounts.entity_no
    cross join params
    where project_entities.currency = params.currency
),

split as (
    select
        accounts.side,
        open_items.ageing_bucket,
        open_items.bucket_order,
        case when accounts.is_intercompany then 0 else open_items.open_amount end as open_amount,
        case when accounts.is_intercompany then open_items.open_amount else 0 end
            as intercompany_amount,
        accounts.is_intercompany,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
),

final as (
    select
        'group' as entity_id,
        side,
        ageing_bucket,
        bucket_order,
        cast(sum(open_amount) as decimal(18, 2)) as open_amount,
        cast(sum(greatest(open_amount, 0)) as decimal(18, 2)) as debit_amount,
        cast(sum(least(open_amount, 0)) as decimal(18, 2)) as credit_amount,
        count(*) filter (where not is_intercompany) as item_count,
        cast(sum(intercompany_amount) as decimal(18, 2)) as intercompany_amount,
    from split
    group by side, ageing_bucket, bucket_order
)

select * from final
