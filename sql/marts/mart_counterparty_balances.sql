-- grain: one row per entity, side and counterparty that has an open item
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: How much does each customer owe in all, and how late is it?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   counterparty_name: name of the customer or supplier
--   is_intercompany: belongs to the group, by encours.yaml
--   open_amount: debits less credits, currency of the entity, positive in the direction of the side
--   overdue_amount: open items past due in the direction of the side, currency of the entity
--   credit_amount: open credits, negative, currency of the entity
--   oldest_overdue_days: days overdue of the oldest overdue item, 0 where nothing is overdue
--   item_count: open items
--   search_text: code and name, in small letters and without accents
-- decisions: 12, 14
with

ageing as (
    select * from mart_ageing
),

buckets as (
    select * from ref_ageing_buckets
),

counterparties as (
    select * from dim_counterparties
),

balances as (
    select
        ageing.entity_id,
        ageing.side,
        ageing.counterparty_id,
        sum(ageing.open_amount) as open_amount,
        sum(case when buckets.is_overdue then ageing.debit_amount else 0 end) as overdue_amount,
        sum(ageing.credit_amount) as credit_amount,
        coalesce(max(ageing.oldest_overdue_days), 0) as oldest_overdue_days,
        sum(ageing.item_count) as item_count,
    from ageing
    inner join buckets on buckets.ageing_bucket = ageing.ageing_bucket
    group by ageing.entity_id, ageing.side, ageing.counterparty_id
),

final as (
    select
        balances.entity_id,
        balances.side,
        balances.counterparty_id,
        counterparties.counterparty_name,
        counterparties.is_intercompany,
        cast(balances.open_amount as decimal(18, 2)) as open_amount,
        cast(balances.overdue_amount as decimal(18, 2)) as overdue_amount,
        cast(balances.credit_amount as decimal(18, 2)) as credit_amount,
        cast(balances.oldest_overdue_days as bigint) as oldest_overdue_days,
        cast(balances.item_count as bigint) as item_count,
        lower(strip_accents(
            balances.counterparty_id || ' | ' || counterparties.counterparty_name
        )) as search_text,
    from balances
    inner join counterparties
        on counterparties.entity_id = balances.entity_id
        and counterparties.side = balances.side
        and counterparties.counterparty_id = balances.counterparty_id
)

select * from final
