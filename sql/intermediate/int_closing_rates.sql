-- grain: one row per pair of a currency in use and a currency of an entity or the group
-- key: from_currency, to_currency
-- question: What is a currency worth at the as-of date?
-- materialized: table
-- columns:
--   from_currency: currency of documents, orders, opportunities or an entity
--   to_currency: currency of an entity or the group
--   from_units: units of the first for one of the base currency, in hundred millionths; null where
--     no rate of the as-of date or the 7 days before is known
--   to_units: units of the second for the same, in hundred millionths
--   quote_date: day of the older of the two rates
-- decisions: 46
with

settings as (
    select * from params
),

entities as (
    select * from project_entities
),

items as not materialized (
    select * from int_items
    where currency is not null
),

orders as (
    select * from stg_erp__orders
),

opportunities as (
    select * from stg_crm__opportunities
),

quotes as (
    select * from int_currency_quotes
),

used as (
    select distinct currency from items
    union
    select distinct currency from orders
    where currency is not null
    union
    select distinct currency from opportunities
    where currency is not null
    union
    select currency from entities
),

wanted as (
    select currency from entities
    union
    select currency from settings
),

needed as (
    select distinct
        used.currency as from_currency,
        wanted.currency as to_currency,
        settings.as_of,
    from used
    inner join wanted on wanted.currency <> used.currency
    cross join settings
),

asked as (
    select
        needed.*,
        bases.base_currency,
    from needed
    cross join (select distinct base_currency from quotes) as bases
),

quoted as (
    select
        asked.from_currency,
        asked.to_currency,
        asked.base_currency,
        from_quotes.rate as from_rate,
        to_quotes.rate as to_rate,
        greatest(from_quotes.rate_date, date '1000-01-01') as from_date,
        greatest(to_quotes.rate_date, date '1000-01-01') as to_date,
    from asked
    asof inner join quotes as from_quotes
        on from_quotes.currency = asked.from_currency
        and from_quotes.base_currency = asked.base_currency
        and from_quotes.rate_date <= asked.as_of
    asof inner join quotes as to_quotes
        on to_quotes.currency = asked.to_currency
        and to_quotes.base_currency = asked.base_currency
        and to_quotes.rate_date <= asked.as_of
    where from_quotes.good_until >= asked.as_of and to_quotes.good_until >= asked.as_of
),

chosen as (
    select
        from_currency,
        to_currency,
        arg_min(from_rate, row(base_currency)) as from_rate,
        arg_min(to_rate, row(base_currency)) as to_rate,
        -- the base itself has no day
        arg_min(
            case
                when year(from_date) = 1000 then to_date
                when year(to_date) = 1000 then from_date
                else least(from_date, to_date)
            end, row(base_currency)
        ) as quote_date,
    from quoted
    group by from_currency, to_currency
),

final as (
    select
        needed.from_currency,
        needed.to_currency,
        cast(chosen.from_rate * 100000000 as hugeint) as from_units,
        cast(chosen.to_rate * 100000000 as hugeint) as to_units,
        chosen.quote_date,
    from needed
    left join chosen
        on chosen.from_currency = needed.from_currency
        and chosen.to_currency = needed.to_currency
)

select * from final
