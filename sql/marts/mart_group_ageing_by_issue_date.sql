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
-- decisions: 17, 33, 48
with

ageing as (
    select * from mart_ageing_by_issue_date
),

entities as (
    select * from int_group_entities
    where is_home or is_translated
),

members as (
    select distinct
        entity_id,
        side,
        counterparty_id,
    from int_accounts
    where is_intercompany
),

rates as (
    select int_group_rates.*
    from int_group_rates
    inner join params on params.as_of = int_group_rates.rate_date
),

split as (
    select
        entities.entity_no,
        entities.is_translated,
        ageing.side,
        ageing.ageing_bucket,
        ageing.bucket_order,
        members.counterparty_id is not null as is_intercompany,
        sum(ageing.debit_amount) as debit_amount,
        sum(ageing.credit_amount) as credit_amount,
        sum(ageing.item_count) as item_count,
    from ageing
    inner join entities on entities.entity_id = ageing.entity_id
    left join members
        on members.entity_id = ageing.entity_id
        and members.side = ageing.side
        and members.counterparty_id = ageing.counterparty_id
    group by all
),

-- debits and credits apart; a count stands with the first of the two
cells as (
    select
        *,
        false as is_credit,
        debit_amount as amount,
        item_count as cell_count,
    from split
    union all
    select
        *,
        true as is_credit,
        credit_amount as amount,
        0 as cell_count,
    from split
),

-- a cell is the difference of two rounded running balances: cells add up to the rounded whole
running as (
    select
        *,
        sum(amount) over upwards as until_amount,
        sum(amount) over upwards - amount as before_amount,
    from cells
    where is_translated
    window upwards as (
        partition by entity_no, side
        order by is_intercompany, bucket_order, is_credit
        rows between unbounded preceding and current row
    )
),

translated as (
    select
        running.side,
        running.ageing_bucket,
        running.bucket_order,
        running.is_intercompany,
        running.is_credit,
        running.cell_count,
        0.01 * (sign(running.until_amount) * (
            (
                2 * cast(abs(running.until_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) - sign(running.before_amount) * (
            (
                2 * cast(abs(running.before_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        )) as amount,
    from running
    inner join rates on rates.entity_no = running.entity_no
),

valued as (
    select
        side,
        ageing_bucket,
        bucket_order,
        is_intercompany,
        is_credit,
        cell_count,
        amount,
    from cells
    where not is_translated
    union all
    select
        side,
        ageing_bucket,
        bucket_order,
        is_intercompany,
        is_credit,
        cell_count,
        cast(amount as decimal(18, 2)) as amount,
    from translated
),

-- where a rate is missing nothing is told: a sum without an entity would look like one
final as (
    select
        'group' as entity_id,
        side,
        ageing_bucket,
        bucket_order,
        cast(coalesce(sum(amount) filter (where not is_intercompany), 0) as decimal(18, 2))
            as open_amount,
        cast(coalesce(sum(amount) filter (where not is_intercompany and not is_credit), 0)
            as decimal(18, 2)) as debit_amount,
        cast(coalesce(sum(amount) filter (where not is_intercompany and is_credit), 0)
            as decimal(18, 2)) as credit_amount,
        cast(coalesce(sum(cell_count) filter (where not is_intercompany), 0) as bigint)
            as item_count,
        cast(coalesce(sum(amount) filter (where is_intercompany), 0) as decimal(18, 2))
            as intercompany_amount,
    from valued
    where not exists (
        select 1
        from int_group_missing_rates as missing
        inner join params on params.as_of = missing.missing_date
        where missing.is_month_end
    )
    group by side, ageing_bucket, bucket_order
)

select * from final
