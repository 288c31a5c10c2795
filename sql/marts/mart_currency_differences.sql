-- grain: one row per entity, side and foreign currency of open documents
-- key: entity_id, side, currency
-- sort: entity_id, side, currency
-- question: What are open documents in a foreign currency worth today, and what are they booked at?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   currency: currency of the documents
--   item_count: open items
--   currency_amount: what is open of them, in that currency: of a document paid in part the same
--     part as in the currency of the entity
--   booked_amount: what is open of them as booked, currency of the entity
--   closing_amount: currency_amount at the rate of the as-of date or the 7 days before, currency of
--     the entity; null where no such rate is loaded
--   difference_amount: closing_amount less booked_amount, currency of the entity
--   quote_date: day of the rate
-- decisions: 24, 46
with

open_items as (
    select * from int_open_items
    where is_aged
),

items as not materialized (
    select * from int_items
    where currency is not null and currency_amount is not null and amount <> 0
),

accounts as (
    select * from int_accounts
),

entities as (
    select * from project_entities
),

rates as (
    select * from int_closing_rates
),

-- integers: a decimal divided is a floating point number; rounded half away from zero
open_parts as (
    select
        accounts.entity_no,
        accounts.entity_id,
        accounts.side,
        items.currency,
        entities.currency as entity_currency,
        open_items.open_amount,
        sign(open_items.open_amount) * (
            (
                2 * cast(abs(items.currency_amount) * 100 as hugeint)
                * cast(abs(open_items.open_amount) * 100 as hugeint)
                + cast(abs(items.amount) * 100 as hugeint)
            ) // (2 * cast(abs(items.amount) * 100 as hugeint))
        ) as currency_cents,
    from items
    inner join open_items on open_items.item_key = items.item_key
    inner join accounts on accounts.account_key = items.account_key
    inner join entities on entities.entity_no = accounts.entity_no
    where items.currency <> entities.currency
),

summed as (
    select
        entity_id,
        side,
        currency,
        entity_currency,
        count(*) as item_count,
        cast(sum(currency_cents) as hugeint) as currency_cents,
        sum(open_amount) as booked_amount,
    from open_parts
    group by entity_id, side, currency, entity_currency
),

valued as (
    select
        summed.*,
        rates.quote_date,
        sign(summed.currency_cents) * (
            (2 * abs(summed.currency_cents) * rates.to_units + rates.from_units)
            // (2 * rates.from_units)
        ) as closing_cents,
    from summed
    left join rates
        on rates.from_currency = summed.currency
        and rates.to_currency = summed.entity_currency
),

final as (
    select
        entity_id,
        side,
        currency,
        item_count,
        cast(currency_cents * 0.01 as decimal(18, 2)) as currency_amount,
        cast(booked_amount as decimal(18, 2)) as booked_amount,
        cast(closing_cents * 0.01 as decimal(18, 2)) as closing_amount,
        cast(closing_cents * 0.01 - booked_amount as decimal(18, 2)) as difference_amount,
        quote_date,
    from valued
)

select * from final
