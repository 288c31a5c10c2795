-- grain: one row per entity and customer that owes, has a credit, an unbilled amount or an order
-- key: entity_id, side, counterparty_id
-- sort: entity_id, counterparty_id
-- question: How much would be lost if the customer failed today?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: always customer
--   counterparty_id: code of the customer
--   counterparty_name: name of the customer; its code where only an order names it
--   is_intercompany: belongs to the group, by encours.yaml
--   receivable_amount: open debits on 411, 413 and 416 that are no bills up to their maturity,
--     currency of the entity
--   bills_amount: bills (413) up to their maturity, currency of the entity
--   unbilled_amount: balance of 418, currency of the entity
--   orders_amount: orders not invoiced yet, of the as-of date or before, at the rate of the as-of
--     date; null where a rate is missing; currency of the entity
--   missing_currencies: currencies of orders without a rate at the as-of date or in the 7 days
--     before; null where no rate is missing
--   deposits_amount: balance of 419, negative as a rule, currency of the entity
--   credit_amount: open credits on 411, 413 and 416 that are set against no invoice, negative,
--     currency of the entity
--   exposure_amount: the sum of the six; null where a rate is missing; currency of the entity
--   credit_limit_amount: credit limit, currency of the entity; null where none is known
--   available_amount: credit limit less exposure, negative where it is exceeded, currency of the
--     entity
--   utilisation_ratio: exposure / credit limit; null without a limit above zero
--   search_text: code and name, in small letters and without accents
-- decisions: 45, 46, 49
with

settings as (
    select * from params
),

open_items as (
    select * from int_open_items
),

accounts as (
    select * from int_accounts
    where side = 'customer'
),

counterparties as (
    select * from dim_counterparties
    where side = 'customer'
),

orders as (
    select
        stg_erp__orders.*,
        project_entities.currency as entity_currency,
    from stg_erp__orders
    inner join project_entities on project_entities.entity_no = stg_erp__orders.entity_no
    cross join settings
    where stg_erp__orders.order_date <= settings.as_of
),

rates as (
    select * from int_closing_rates
),

ledger_parts as (
    select
        accounts.entity_id,
        accounts.counterparty_id,
        sum(open_items.open_amount) filter (
            where accounts.is_aged
            and open_items.open_amount > 0
            and not coalesce(accounts.item_kind = 'bill' and open_items.overdue_days <= 0, false)
        ) as receivable_amount,
        sum(open_items.open_amount) filter (
            where accounts.is_aged
            and open_items.open_amount > 0
            and accounts.item_kind = 'bill'
            and open_items.overdue_days <= 0
        ) as bills_amount,
        sum(open_items.open_amount) filter (
            where not accounts.is_aged and accounts.account_family <> '419'
        ) as unbilled_amount,
        sum(open_items.open_amount) filter (
            where not accounts.is_aged and accounts.account_family = '419'
        ) as deposits_amount,
        sum(open_items.open_amount) filter (
            where accounts.is_aged and open_items.open_amount < 0
        ) as credit_amount,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
    group by accounts.entity_id, accounts.counterparty_id
),

-- rounded half away from zero, order by order
order_values as (
    select
        orders.entity_id,
        orders.counterparty_id,
        orders.currency,
        case
            when orders.currency is null or orders.currency = orders.entity_currency
                then orders.open_amount
            else cast(
                sign(orders.open_amount)
                * (
                    (
                        2 * cast(abs(orders.open_amount) * 100 as hugeint) * rates.to_units
                        + rates.from_units
                    ) // (2 * rates.from_units)
                ) * 0.01 as decimal(18, 2)
            )
        end as order_amount,
    from orders
    left join rates
        on rates.from_currency = orders.currency
        and rates.to_currency = orders.entity_currency
),

order_parts as (
    select
        entity_id,
        counterparty_id,
        sum(order_amount) as orders_amount,
        bool_or(order_amount is null) as is_rate_missing,
        string_agg(distinct currency, ', ' order by currency) filter (where order_amount is null)
            as missing_currencies,
    from order_values
    group by entity_id, counterparty_id
),

parts as (
    select
        coalesce(ledger_parts.entity_id, order_parts.entity_id) as entity_id,
        coalesce(ledger_parts.counterparty_id, order_parts.counterparty_id) as counterparty_id,
        coalesce(ledger_parts.receivable_amount, 0) as receivable_amount,
        coalesce(ledger_parts.bills_amount, 0) as bills_amount,
        coalesce(ledger_parts.unbilled_amount, 0) as unbilled_amount,
        case when not coalesce(order_parts.is_rate_missing, false)
            then coalesce(order_parts.orders_amount, 0) end as orders_amount,
        order_parts.missing_currencies,
        coalesce(ledger_parts.deposits_amount, 0) as deposits_amount,
        coalesce(ledger_parts.credit_amount, 0) as credit_amount,
    from ledger_parts
    full join order_parts
        on order_parts.entity_id = ledger_parts.entity_id
        and order_parts.counterparty_id = ledger_parts.counterparty_id
),

added as (
    select
        parts.*,
        coalesce(counterparties.counterparty_name, parts.counterparty_id) as counterparty_name,
        coalesce(counterparties.is_intercompany, false) as is_intercompany,
        counterparties.credit_limit_amount,
        parts.receivable_amount + parts.bills_amount + parts.unbilled_amount
        + parts.orders_amount + parts.deposits_amount + parts.credit_amount as exposure_amount,
    from parts
    left join counterparties
        on counterparties.entity_id = parts.entity_id
        and counterparties.counterparty_id = parts.counterparty_id
),

final as (
    select
        entity_id,
        'customer' as side,
        counterparty_id,
        counterparty_name,
        is_intercompany,
        cast(receivable_amount as decimal(18, 2)) as receivable_amount,
        cast(bills_amount as decimal(18, 2)) as bills_amount,
        cast(unbilled_amount as decimal(18, 2)) as unbilled_amount,
        cast(orders_amount as decimal(18, 2)) as orders_amount,
        missing_currencies,
        cast(deposits_amount as decimal(18, 2)) as deposits_amount,
        cast(credit_amount as decimal(18, 2)) as credit_amount,
        cast(exposure_amount as decimal(18, 2)) as exposure_amount,
        credit_limit_amount,
        cast(credit_limit_amount - exposure_amount as decimal(18, 2)) as available_amount,
        cast(
            case when credit_limit_amount > 0 then exposure_amount / credit_limit_amount end
            as decimal(12, 4)
        ) as utilisation_ratio,
        lower(strip_accents(counterparty_id || ' | ' || counterparty_name)) as search_text,
    from added
)

select * from final
