-- grain: one row per side and counterparty whose balance is positive
-- key: side, counterparty_entity_id, counterparty_id
-- sort: side, rank_no
-- question: On how few customers does what is owed to the whole group depend?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   rank_no: rank by open amount, from 1
--   counterparty_entity_id: entity whose customer or supplier it is
--   counterparty_id: code of the customer or supplier
--   counterparty_name: name of the customer or supplier
--   open_amount: debits less credits, currency of the group, positive
--   share_ratio: share of the sum of the positive balances, 0 to 1
--   cumulated_ratio: share of this counterparty and all larger ones, 0 to 1
--   square_index: square of the share x 10,000; their sum is the Herfindahl index
-- decisions: 17, 18, 33
with

balances as (
    select
        mart_counterparty_balances.entity_id,
        mart_counterparty_balances.side,
        mart_counterparty_balances.counterparty_id,
        mart_counterparty_balances.counterparty_name,
        mart_counterparty_balances.open_amount,
    from mart_counterparty_balances
    inner join project_entities
        on project_entities.entity_id = mart_counterparty_balances.entity_id
    cross join params
    where
        mart_counterparty_balances.open_amount > 0
        and not mart_counterparty_balances.is_intercompany
        and project_entities.currency = params.currency
),

ranked as (
    select
        *,
        row_number() over largest as rank_no,
        sum(open_amount) over largest as cumulated_amount,
        sum(open_amount) over (partition by side) as positive_amount,
    from balances
    window largest as (
        partition by side
        order by open_amount desc, entity_id, counterparty_id
        rows between unbounded preceding and current row
    )
),

final as (
    select
        'group' as entity_id,
        side,
        rank_no,
        entity_id as counterparty_entity_id,
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
