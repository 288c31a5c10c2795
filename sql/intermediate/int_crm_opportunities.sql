-- grain: one row per opportunity of a CRM that was there at the as-of date
-- key: source, opportunity_id
-- question: Which sales may come, with which customer, and what do they weigh?
-- materialized: table
-- columns:
--   source: source of the extract
--   opportunity_id: identifier in the CRM
--   account_source: source of the extract of its account; null where the account is not known
--   crm_id: its account; null where the account is not known
--   counterparty_no: rank of the customer; null where the account is none
--   entity_id: identifier of the entity of the customer
--   counterparty_id: code of the customer
--   is_closed: decided, by its flag, else by its stage
--   is_won: won, by its flag, else by its stage
--   currency: currency of the amount: its own, else that of the entity, else that of the group
--   weighted_amount: amount times probability of an open one, in currency; null where it is closed
--     or lacks one of the two
--   entity_amount: the same in the currency of the entity, at the rate of the as-of date; null
--     where the rate is missing or there is no customer
--   group_amount: the same in the currency of the group; null where the rate is missing
-- decisions: 46, 92
with

settings as (
    select * from params
),

opportunities as (
    select
        stg_crm__opportunities.*,
        lower(strip_accents(coalesce(stg_crm__opportunities.stage, ''))) as stage_text,
    from stg_crm__opportunities
    cross join settings
    where
        stg_crm__opportunities.created_on is null
        or stg_crm__opportunities.created_on <= settings.as_of
),

named as (
    select * from int_crm_references
    where kind = 'opportunity'
),

links as (
    select * from int_crm_links
    where link_status <> 'none'
),

counterparties as (
    select * from int_counterparty_keys
    where side = 'customer'
),

entities as (
    select * from project_entities
),

rates as (
    select * from int_closing_rates
),

-- an account that is several customers counts with the first
customers as (
    select
        named.source,
        named.record_id,
        counterparties.counterparty_no,
        counterparties.entity_no,
        counterparties.entity_id,
        counterparties.counterparty_id,
    from named
    inner join links
        on links.source = named.account_source
        and links.crm_id = named.crm_id
    inner join counterparties on counterparties.counterparty_no = links.counterparty_no
    qualify row_number() over (
        partition by named.source, named.record_id
        order by links.link_no nulls last, counterparties.counterparty_no
    ) = 1
),

judged as (
    select
        opportunities.source,
        opportunities.opportunity_id,
        named.account_source,
        named.crm_id,
        customers.counterparty_no,
        customers.entity_id,
        customers.counterparty_id,
        entities.currency as entity_currency,
        settings.currency as group_currency,
        coalesce(
            opportunities.is_closed,
            opportunities.is_won,
            regexp_matches(
                opportunities.stage_text,
                '\b(closed|won|lost|ferme|clos|cloture|gagne|perdu|conclu)|closedwon|closedlost'
            )
        ) as is_closed,
        coalesce(
            opportunities.is_won,
            regexp_matches(opportunities.stage_text, '\b(won|gagne|conclu)|closedwon')
        ) as is_won,
        coalesce(opportunities.currency, entities.currency, settings.currency) as currency,
        cast(opportunities.amount * opportunities.probability_percent * 0.01 as decimal(18, 2))
            as weighted_amount,
    from opportunities
    cross join settings
    left join named
        on named.source = opportunities.source
        and named.record_id = opportunities.opportunity_id
    left join customers
        on customers.source = opportunities.source
        and customers.record_id = opportunities.opportunity_id
    left join entities on entities.entity_no = customers.entity_no
),

-- rounded half away from zero
final as (
    select
        judged.source,
        judged.opportunity_id,
        judged.account_source,
        judged.crm_id,
        judged.counterparty_no,
        judged.entity_id,
        judged.counterparty_id,
        judged.is_closed,
        judged.is_won,
        judged.currency,
        case when not judged.is_closed then judged.weighted_amount end as weighted_amount,
        case
            when judged.is_closed then null
            when judged.currency = judged.entity_currency then judged.weighted_amount
            when judged.entity_currency is not null then cast(
                sign(judged.weighted_amount)
                * (
                    (
                        2 * cast(abs(judged.weighted_amount) * 100 as hugeint)
                        * into_entity.to_units
                        + into_entity.from_units
                    ) // (2 * into_entity.from_units)
                ) * 0.01 as decimal(18, 2)
            )
        end as entity_amount,
        case
            when judged.is_closed then null
            when judged.currency = judged.group_currency then judged.weighted_amount
            else cast(
                sign(judged.weighted_amount)
                * (
                    (
                        2 * cast(abs(judged.weighted_amount) * 100 as hugeint)
                        * into_group.to_units
                        + into_group.from_units
                    ) // (2 * into_group.from_units)
                ) * 0.01 as decimal(18, 2)
            )
        end as group_amount,
    from judged
    left join rates as into_entity
        on into_entity.from_currency = judged.currency
        and into_entity.to_currency = judged.entity_currency
    left join rates as into_group
        on into_group.from_currency = judged.currency
        and into_group.to_currency = judged.group_currency
)

select * from final
