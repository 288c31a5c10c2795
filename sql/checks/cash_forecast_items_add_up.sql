-- severity: fail
-- sentence: The items of these weeks of the cash forecast do not add up to the week.
with

items as (
    select
        entity_id,
        side,
        period_no,
        sum(open_amount) as open_amount,
    from mart_cash_forecast_items
    where period_no is not null
    group by entity_id, side, period_no
)

select
    mart_cash_forecast.entity_id,
    mart_cash_forecast.side,
    mart_cash_forecast.period_no,
    mart_cash_forecast.item_amount,
    items.open_amount,
from mart_cash_forecast
left join items
    on items.entity_id = mart_cash_forecast.entity_id
    and items.side = mart_cash_forecast.side
    and items.period_no = mart_cash_forecast.period_no
where coalesce(items.open_amount, 0) <> mart_cash_forecast.item_amount
