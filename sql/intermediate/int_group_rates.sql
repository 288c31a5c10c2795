-- grain: one row per translated entity and day of which a rate is known
-- key: entity_no, rate_date
-- question: What is the currency of an entity worth in that of the group, day by day?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   rate_date: day, from the first one of the entity to the as-of date
--   from_units: units of its currency for one of the base currency, in hundred millionths
--   to_units: units of the currency of the group for the same, in hundred millionths
-- decisions: 46, 48
with

settings as (
    select * from params
),

entities as (
    select
        members.entity_no,
        members.entity_id,
        members.currency,
        members.is_fixed,
        int_entities.first_date,
    from int_group_entities as members
    inner join int_entities on int_entities.entity_no = members.entity_no
    where members.is_translated
),

quotes as (
    select * from int_currency_quotes
),

days as (
    select
        entities.entity_no,
        entities.entity_id,
        entities.currency,
        entities.is_fixed,
        settings.currency as into_currency,
        entities.first_date
        + cast(unnest(range(0, settings.as_of - entities.first_date + 1)) as integer) as rate_date,
    from entities
    cross join settings
),

asked as (
    select
        days.*,
        bases.base_currency,
    from days
    cross join (select distinct base_currency from quotes) as bases
    where not days.is_fixed
),

-- both currencies against one base; of several bases the first by name
published as (
    select
        asked.entity_no,
        asked.entity_id,
        asked.rate_date,
        cast(arg_min(from_quotes.rate, row(asked.base_currency)) * 100000000 as hugeint)
            as from_units,
        cast(arg_min(to_quotes.rate, row(asked.base_currency)) * 100000000 as hugeint) as to_units,
    from asked
    asof inner join quotes as from_quotes
        on from_quotes.currency = asked.currency
        and from_quotes.base_currency = asked.base_currency
        and from_quotes.rate_date <= asked.rate_date
    asof inner join quotes as to_quotes
        on to_quotes.currency = asked.into_currency
        and to_quotes.base_currency = asked.base_currency
        and to_quotes.rate_date <= asked.rate_date
    where
        from_quotes.good_until >= asked.rate_date
        and to_quotes.good_until >= asked.rate_date
    group by asked.entity_no, asked.entity_id, asked.rate_date
),

fixed as (
    select
        days.entity_no,
        days.entity_id,
        days.rate_date,
        cast(100000000 as hugeint) as from_units,
        cast(rates.rate * 100000000 as hugeint) as to_units,
    from days
    inner join ref_fixed_rates as rates
        on rates.currency = days.currency
        and rates.into_currency = days.into_currency
    where days.is_fixed
),

final as (
    select entity_no, entity_id, rate_date, from_units, to_units from published
    union all
    select entity_no, entity_id, rate_date, from_units, to_units from fixed
)

select * from final
