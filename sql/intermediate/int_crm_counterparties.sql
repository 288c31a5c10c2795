-- grain: one row per counterparty that an account of a CRM speaks for
-- key: counterparty_no
-- question: What does sales know of a customer or supplier?
-- materialized: view
-- columns:
--   counterparty_no: rank of the counterparty
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier in the ledger
--   source: source of the extract of the account
--   crm_id: identifier in the CRM
--   link_method: what links them: code, siren, siret or vat
--   link_probability: probability of the link, 0 to 1
--   crm_name: name in the CRM
--   street: street and number
--   postal_code: postal code, as text
--   city: city
--   country: country, in the words of the CRM
--   phone: telephone number
--   email: e-mail address
--   website: website
--   siren: SIREN, as it was typed
--   siret: SIRET, as it was typed
--   vat_number: VAT number, as it was typed
--   owner_name: salesperson: the name of the owner among the people of the CRM, else as the account
--     tells it
--   account_type: customer, prospect, partner …, in the words of the CRM
--   industry: industry, in the words of the CRM
--   parent_crm_id: account of the parent company
--   payment_terms: payment terms in words
--   credit_limit: credit limit, currency of the entity; null where it is in another currency
--   employees: number of employees
-- decisions: 90
with

links as (
    select * from int_crm_links
    where link_status = 'linked'
),

counterparties as (
    select * from int_counterparty_keys
),

entities as (
    select * from project_entities
),

accounts as (
    select * from stg_crm__accounts
),

users as (
    select * from stg_crm__users
),

-- the people of the same source, else those of the one source that knows the identifier
owners as (
    select
        accounts.source,
        accounts.crm_id,
        users.name,
    from accounts
    inner join users on users.user_id = accounts.owner_id
    qualify
        users.source = accounts.source
        or count(*) over (partition by accounts.source, accounts.crm_id) = 1
),

final as (
    select
        links.counterparty_no,
        counterparties.entity_id,
        counterparties.side,
        counterparties.counterparty_id,
        links.source,
        links.crm_id,
        links.link_method,
        links.link_probability,
        accounts.name as crm_name,
        accounts.street,
        accounts.postal_code,
        accounts.city,
        accounts.country,
        accounts.phone,
        accounts.email,
        accounts.website,
        accounts.siren,
        accounts.siret,
        accounts.vat_number,
        coalesce(owners.name, accounts.owner_name) as owner_name,
        accounts.account_type,
        accounts.industry,
        accounts.parent_crm_id,
        accounts.payment_terms,
        case when coalesce(accounts.currency, entities.currency) = entities.currency
            then accounts.credit_limit end as credit_limit,
        accounts.employees,
    from links
    inner join counterparties on counterparties.counterparty_no = links.counterparty_no
    inner join entities on entities.entity_no = counterparties.entity_no
    inner join accounts on accounts.source = links.source and accounts.crm_id = links.crm_id
    left join owners on owners.source = links.source and owners.crm_id = links.crm_id
)

select * from final
