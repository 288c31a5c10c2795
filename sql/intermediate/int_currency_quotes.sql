-- grain: one row per currency, base currency and day of a published rate
-- key: currency, base_currency, rate_date
-- question: Which rates are published, and how long does each count?
-- materialized: table
-- columns:
--   currency: quoted currency, or the base itself
--   base_currency: base currency, EUR for the ECB
--   rate_date: day of the rate
--   good_until: last day on which it counts, 7 days later
--   rate: units of currency for one unit of base_currency, 1 for the base itself
-- decisions: 24, 46
with

rates as (
    select * from stg_rates__exchange_rates
),

final as (
    select
        currency,
        base_currency,
        rate_date,
        rate_date + 7 as good_until,
        rate,
    from rates
    where rate > 0 and currency <> base_currency
    union all
    select distinct
        base_currency as currency,
        base_currency,
        date '0001-01-01' as rate_date,
        date '9999-12-31' as good_until,
        cast(1 as decimal(18, 8)) as rate,
    from rates
)

select * from final
