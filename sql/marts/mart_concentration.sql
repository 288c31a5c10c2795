-- grain: one row per entity, side and counterparty whose balance is positive
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, rank_no
-- question: On how few customers does what is owed depend?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   rank_no: rank by open amount, from 1
--   counterparty_id: code of the customer or supplier
--   counterparty_name: name of the customer or supplier
--   open_amount: debits less credits, currency of the entity, positive
--   share_ratio: share of the sum of the positive balances, 0 to 1
--   cumulated_ratio: share of this counterparty and all larger ones, 0 to 1
--   square_index: square of the share x 10,000; their sum is the Herfindahl index
-- decisions: 18, 33
with

balances as (
    select
        entity_id,
        side,
        counterparty_id,
        counterparty_name,
        open_amount,
    from mart_counterparty_balances
    where open_amount > 0
),

ranked as (
    select
        *,
        row_number() over largest as rank_no,
        sum(open_amount) over largest as cumulated_amount,
        sum(open_amount) over (partition by entity_id, side) as positive_amount,
    from balances
    window largest as (
        partition by entity_id, side
        order by open_amount desc, counterparty_id
        rows between unbounded preceding and current row
    )
),

final as (
    select
        entity_id,
        side,
        rank_no,
        counterparty_id,
        counterparty_name,
        open_amount,
        cast(open_amount / positive_amount as decimal(9, 6)) as share_ratio,
        cast(cumulated_amount / positive_amount as decimal(9, 6)) as cumulated_ratio,
        cast(
            10000 * (open_amount / positive_amount) * (open_amount / positive_amount)
            as decimal(15, 6)
        ) as square_index,
    from ranked
)

select * from final
