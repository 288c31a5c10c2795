-- severity: fail
-- sentence: The cash forecast of these entities, or of the group, is not what is open.
with

forecast as (
    select
        entity_id,
        side,
        sum(low_amount) as low_amount,
        sum(mid_amount) as mid_amount,
        sum(high_amount) as high_amount,
    from (
        select entity_id, side, low_amount, mid_amount, high_amount from mart_cash_forecast
        union all
        select 'the group' as entity_id, side, low_amount, mid_amount, high_amount
        from mart_group_cash_forecast
    )
    group by entity_id, side
),

ageing as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
    from mart_ageing
    group by entity_id, side
    union all
    select
        'the group' as entity_id,
        balances.side,
        sum(balances.open_amount) as open_amount,
    from mart_counterparty_balances as balances
    inner join int_group_entities as members on members.entity_id = balances.entity_id
    where members.is_home and not balances.is_intercompany
    group by balances.side
)

select
    ageing.entity_id,
    ageing.side,
    ageing.open_amount,
    forecast.low_amount,
    forecast.mid_amount,
    forecast.high_amount,
from ageing
full join forecast
    on forecast.entity_id = ageing.entity_id
    and forecast.side = ageing.side
where
    coalesce(forecast.low_amount, 0) <> coalesce(ageing.open_amount, 0)
    or coalesce(forecast.mid_amount, 0) <> coalesce(ageing.open_amount, 0)
    or coalesce(forecast.high_amount, 0) <> coalesce(ageing.open_amount, 0)
