-- grain: one row per entity and customer that owes, has a credit, an unbilled amount or an order
-- key: entity_id, counterparty_id
-- question: What would be lost with a customer, part by part?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   receivable_amount: open debits on 411, 413 and 416 that are no bills up to their maturity
--   bills_amount: bills (413) up to their maturity
--   unbilled_amount: balance of 418
--   orders_amount: orders not invoiced yet, at the rate of the as-of date; null where one is
--     missing
--   missing_currencies: currencies of orders without a rate; null where no rate is missing
--   deposits_amount: balance of 419, negative as a rule
--   credit_amount: open credits on 411, 413 and 416 that are set against no invoice, negative
--   overdue_90_amount: open debits more than 90 days past due
-- decisions: 45, 46
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
        sum(open_items.open_amount) filter (
            where accounts.is_aged and open_items.open_amount > 0 and open_items.overdue_days > 90
        ) as overdue_90_amount,
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

final as (
    select
        coalesce(ledger_parts.entity_id, order_parts.entity_id) as entity_id,
        coalesce(ledger_parts.counterparty_id, order_parts.counterparty_id) as counterparty_id,
        cast(coalesce(ledger_parts.receivable_amount, 0) as decimal(18, 2)) as receivable_amount,
        cast(coalesce(ledger_parts.bills_amount, 0) as decimal(18, 2)) as bills_amount,
        cast(coalesce(ledger_parts.unbilled_amount, 0) as decimal(18, 2)) as unbilled_amount,
        cast(case when not coalesce(order_parts.is_rate_missing, false)
            then coalesce(order_parts.orders_amount, 0) end as decimal(18, 2)) as orders_amount,
        order_parts.missing_currencies,
        cast(coalesce(ledger_parts.deposits_amount, 0) as decimal(18, 2)) as deposits_amount,
        cast(coalesce(ledger_parts.credit_amount, 0) as decimal(18, 2)) as credit_amount,
        cast(coalesce(ledger_parts.overdue_90_amount, 0) as decimal(18, 2)) as overdue_90_amount,
    from ledger_parts
    full join order_parts
        on order_parts.entity_id = ledger_parts.entity_id
        and order_parts.counterparty_id = ledger_parts.counterparty_id
)

select * from final
