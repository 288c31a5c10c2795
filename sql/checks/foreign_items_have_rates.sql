-- severity: warn
-- sentence: No exchange rate of this day, or of the 7 days before it, is loaded for the currency of
--   these open documents: what they are worth today is not told.
select
    mart_currency_differences.entity_id,
    mart_currency_differences.currency,
    params.as_of as missing_date,
from mart_currency_differences
cross join params
where mart_currency_differences.closing_amount is null
