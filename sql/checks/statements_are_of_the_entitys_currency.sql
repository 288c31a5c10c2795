-- severity: warn
-- sentence: These accounts of customers are in another currency than the entity: they give no
--   limit by the customer's means and no share of its purchases.
select
    identities.entity_id,
    identities.counterparty_id,
    accounts.siren,
    accounts.closing_date,
    accounts.currency,
from int_company_accounts as accounts
inner join int_identities as identities
    on identities.siren = accounts.siren
    and identities.side = 'customer'
inner join project_entities as entities on entities.entity_id = identities.entity_id
where
    accounts.currency <> entities.currency
    and (accounts.purchases is not null or accounts.equity is not null)
