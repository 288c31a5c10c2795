-- grain: one row per entity, customer and date from which its accounts are known
-- key: entity_id, counterparty_id, known_date
-- question: What can a customer carry, by its own accounts?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   known_date: day from which the accounts were public
--   means_amount: its yearly purchases, else its equity, currency of the entity
--   purchases_amount: its purchases of twelve months; null: not known; currency of the entity
-- decisions: 16, 60, 112
with

entities as (
    select * from project_entities
),

-- amounts of another currency are not counted
found as (
    select
        identities.entity_id,
        identities.counterparty_id,
        accounts.known_date,
        accounts.closing_date,
        cast(accounts.purchases * 12 / nullif(accounts.months, 0) as decimal(18, 2))
            as purchases_amount,
        accounts.equity,
    from int_company_accounts as accounts
    inner join int_identities as identities on identities.siren = accounts.siren
    inner join entities
        on entities.entity_id = identities.entity_id
        and entities.currency = accounts.currency
    where
        identities.side = 'customer'
        and (accounts.purchases is not null or accounts.equity is not null)
),

-- accounts of an earlier year that become public later tell nothing new
latest as (
    select
        *,
        max(closing_date) over (
            partition by entity_id, counterparty_id
            order by known_date, closing_date
        ) as latest_date,
    from found
),

final as (
    select
        entity_id,
        counterparty_id,
        known_date,
        coalesce(purchases_amount, equity) as means_amount,
        purchases_amount,
    from latest
    where closing_date = latest_date
    qualify row_number() over (
        partition by entity_id, counterparty_id, known_date order by closing_date desc
    ) = 1
)

select * from final
