-- grain: one row per entity and side that has open items, intercompany apart
-- key: entity_no, side, is_intercompany
-- question: What are the open items of an entity worth in the currency of the group?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   side: customer or supplier
--   is_intercompany: the counterparties belong to the group
--   open_amount: debits less credits, currency of the entity
--   closing_amount: at the rate of the as-of date; null where it is missing
--   historic_amount: each item at the rate of its accounting date; null where one is missing
--   fixed_amount: at the rate of ref_fixed_rates; null where it is missing
--   missing_date: first date of which a rate for the historic amount is missing
-- decisions: 46
with

settings as (
    select * from params
),

entities as (
    select * from project_entities
),

accounts as (
    select * from int_accounts
    where is_aged
),

open_items as (
    select * from int_open_items
    where is_aged
),

items as not materialized (
    select * from int_items
),

quotes as (
    select * from int_currency_quotes
),

rates as (
    select * from int_closing_rates
),

balances as (
    select
        accounts.entity_no,
        accounts.side,
        accounts.is_intercompany,
        sum(open_items.open_amount) as open_amount,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
    group by accounts.entity_no, accounts.side, accounts.is_intercompany
),

-- entities in another currency: what is open by the day on which it was booked
foreign_days as (
    select
        accounts.entity_no,
        entities.currency as from_currency,
        settings.currency as to_currency,
        accounts.side,
        accounts.is_intercompany,
        items.movement_date,
        sum(open_items.open_amount) as open_amount,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
    inner join entities on entities.entity_no = accounts.entity_no
    cross join settings
    inner join items on items.item_key = open_items.item_key
    where entities.currency <> settings.currency
    group by all
),

asked as (
    select
        days.*,
        bases.base_currency,
    from (select distinct from_currency, to_currency, movement_date from foreign_days) as days
    cross join (select distinct base_currency from quotes) as bases
),

quoted as (
    select
        asked.from_currency,
        asked.to_currency,
        asked.movement_date,
        arg_min(from_quotes.rate, row(asked.base_currency)) as from_rate,
        arg_min(to_quotes.rate, row(asked.base_currency)) as to_rate,
    from asked
    asof inner join quotes as from_quotes
        on from_quotes.currency = asked.from_currency
        and from_quotes.base_currency = asked.base_currency
        and from_quotes.rate_date <= asked.movement_date
    asof inner join quotes as to_quotes
        on to_quotes.currency = asked.to_currency
        and to_quotes.base_currency = asked.base_currency
        and to_quotes.rate_date <= asked.movement_date
    where
        from_quotes.good_until >= asked.movement_date
        and to_quotes.good_until >= asked.movement_date
    group by asked.from_currency, asked.to_currency, asked.movement_date
),

-- rounded half away from zero, day by day
day_values as (
    select
        foreign_days.entity_no,
        foreign_days.side,
        foreign_days.is_intercompany,
        foreign_days.movement_date,
        quoted.from_rate is null as is_missing,
        sign(foreign_days.open_amount) * (
            (
                2 * cast(abs(foreign_days.open_amount) * 100 as hugeint)
                * cast(quoted.to_rate * 100000000 as hugeint)
                + cast(quoted.from_rate * 100000000 as hugeint)
            ) // (2 * cast(quoted.from_rate * 100000000 as hugeint))
        ) as cents,
    from foreign_days
    left join quoted
        on quoted.from_currency = foreign_days.from_currency
        and quoted.to_currency = foreign_days.to_currency
        and quoted.movement_date = foreign_days.movement_date
),

historic as (
    select
        entity_no,
        side,
        is_intercompany,
        case when not bool_or(is_missing) then sum(cents) end as cents,
        min(movement_date) filter (where is_missing) as missing_date,
    from day_values
    group by entity_no, side, is_intercompany
),

valued as (
    select
        balances.*,
        entities.currency = settings.currency as is_home,
        historic.cents as historic_cents,
        historic.missing_date,
        sign(balances.open_amount) * (
            (
                2 * cast(abs(balances.open_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as closing_cents,
        sign(balances.open_amount) * (
            (
                2 * cast(abs(balances.open_amount) * 100 as hugeint)
                * cast(fixed.rate * 100000000 as hugeint) + 100000000
            ) // 200000000
        ) as fixed_cents,
    from balances
    inner join entities on entities.entity_no = balances.entity_no
    cross join settings
    left join rates
        on rates.from_currency = entities.currency
        and rates.to_currency = settings.currency
    left join ref_fixed_rates as fixed
        on fixed.currency = entities.currency
        and fixed.into_currency = settings.currency
    left join historic
        on historic.entity_no = balances.entity_no
        and historic.side = balances.side
        and historic.is_intercompany = balances.is_intercompany
),

final as (
    select
        entity_no,
        side,
        is_intercompany,
        cast(open_amount as decimal(18, 2)) as open_amount,
        case when is_home then cast(open_amount as decimal(18, 2))
            else cast(closing_cents * 0.01 as decimal(18, 2)) end as closing_amount,
        case when is_home then cast(open_amount as decimal(18, 2))
            else cast(historic_cents * 0.01 as decimal(18, 2)) end as historic_amount,
        case when is_home then cast(open_amount as decimal(18, 2))
            else cast(fixed_cents * 0.01 as decimal(18, 2)) end as fixed_amount,
        missing_date,
    from valued
)

select * from final
