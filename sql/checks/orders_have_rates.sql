-- severity: fail
-- sentence: No exchange rate of this day, or of the 7 days before it, is loaded for the currency of
--   these orders: load exchange_rates, or take the orders out.
select
    stg_erp__orders.entity_id,
    stg_erp__orders.order_id,
    rates.from_currency as currency,
    rates.to_currency as into_currency,
    params.as_of as missing_date,
from stg_erp__orders
cross join params
inner join project_entities on project_entities.entity_no = stg_erp__orders.entity_no
inner join int_closing_rates as rates
    on rates.from_currency = stg_erp__orders.currency
    and rates.to_currency = project_entities.currency
where stg_erp__orders.order_date <= params.as_of and rates.from_units is null
