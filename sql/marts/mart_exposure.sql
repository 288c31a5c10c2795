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
--   pipeline_amount: open opportunities of the CRM times their probability, beside the exposure and
--     no part of it; null where a rate is missing; currency of the entity
--   search_text: code and name, in small letters and without accents
-- decisions: 45, 46, 49, 92
with

parts as (
    select * from int_exposures
),

counterparties as (
    select * from dim_counterparties
    where side = 'customer'
),

pipelines as (
    select
        entity_id,
        counterparty_id,
        case when bool_and(entity_amount is not null) then sum(entity_amount) end
            as pipeline_amount,
    from int_crm_opportunities
    where counterparty_no is not null and weighted_amount is not null
    group by entity_id, counterparty_id
),

added as (
    select
        parts.*,
        case when pipelines.entity_id is null then 0 else pipelines.pipeline_amount end
            as pipeline_amount,
        coalesce(counterparties.counterparty_name, parts.counterparty_id) as counterparty_name,
        coalesce(counterparties.is_intercompany, false) as is_intercompany,
        counterparties.credit_limit_amount,
        parts.receivable_amount + parts.bills_amount + parts.unbilled_amount
        + parts.orders_amount + parts.deposits_amount + parts.credit_amount as exposure_amount,
    from parts
    left join counterparties
        on counterparties.entity_id = parts.entity_id
        and counterparties.counterparty_id = parts.counterparty_id
    left join pipelines
        on pipelines.entity_id = parts.entity_id
        and pipelines.counterparty_id = parts.counterparty_id
),

final as (
    select
        entity_id,
        'customer' as side,
        counterparty_id,
        counterparty_name,
        is_intercompany,
        receivable_amount,
        bills_amount,
        unbilled_amount,
        orders_amount,
        missing_currencies,
        deposits_amount,
        credit_amount,
        cast(exposure_amount as decimal(18, 2)) as exposure_amount,
        credit_limit_amount,
        cast(credit_limit_amount - exposure_amount as decimal(18, 2)) as available_amount,
        cast(
            case when credit_limit_amount > 0 then exposure_amount / credit_limit_amount end
            as decimal(12, 4)
        ) as utilisation_ratio,
        cast(pipeline_amount as decimal(18, 2)) as pipeline_amount,
        lower(strip_accents(counterparty_id || ' | ' || counterparty_name)) as search_text,
    from added
)

select * from final
