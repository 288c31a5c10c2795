-- grain: one row per side and bucket of days since the invoice that is not empty
-- key: side, ageing_bucket
-- sort: side, bucket_order
-- question: What is owed to the group from outside, and how long ago was it invoiced?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   ageing_bucket: bucket of days since the date of the document
--   bucket_order: order of the bucket
--   open_amount: debits less credits, currency of the group, positive in the direction of the side
--   debit_amount: open items in the normal direction of the side, currency of the group
--   credit_amount: open credits, negative, currency of the group
--   item_count: open items
--   intercompany_amount: debits less credits left out, currency of the group
-- decisions: 17, 33
with

ageing as (
    select mart_ageing_by_issue_date.*
    from mart_ageing_by_issue_date
    inner join project_entities
        on project_entities.entity_id = mart_ageing_by_issue_date.entity_id
    cross join params
    where project_entities.currency = params.currency
),

members as (
    select distinct
        entity_id,
        side,
        counterparty_id,
    from int_accounts
    where is_intercompany
),

split as (
    select
        ageing.*,
        members.counterparty_id is not null as is_intercompany,
    from ageing
    left join members
        on members.entity_id = ageing.entity_id
        and members.side = ageing.side
        and members.counterparty_id = ageing.counterparty_id
),

final as (
    select
        'group' as entity_id,
        side,
        ageing_bucket,
        bucket_order,
        cast(coalesce(sum(open_amount) filter (where not is_intercompany), 0) as decimal(18, 2))
            as open_amount,
        cast(coalesce(sum(debit_amount) filter (where not is_intercompany), 0) as decimal(18, 2))
            as debit_amount,
        cast(coalesce(sum(credit_amount) filter (where not is_intercompany), 0) as decimal(18, 2))
            as credit_amount,
        cast(coalesce(sum(item_count) filter (where not is_intercompany), 0) as bigint)
            as item_count,
        cast(coalesce(sum(open_amount) filter (where is_intercompany), 0) as decimal(18, 2))
            as intercompany_amount,
    from split
    group by side, ageing_bucket, bucket_order
)

select * from final
