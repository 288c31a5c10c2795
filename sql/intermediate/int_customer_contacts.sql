-- grain: one row per customer
-- key: counterparty_no
-- question: Whom to call or write to at a customer, and in which language?
-- materialized: table
-- columns:
--   counterparty_no: customer, see int_accounts
--   contact_name: person to ask for; null where no extract tells
--   phone: telephone number, else that of the customer
--   email: e-mail address, else that of the customer
--   language: fr or en
--   language_source: contact, country, or entity where neither tells it
-- decisions: 58
with

customers as (
    select
        accounts.counterparty_no,
        accounts.entity_no,
        accounts.counterparty_id,
        entities.siren as entity_siren,
    from (
        select distinct counterparty_no, entity_no, counterparty_id
        from int_accounts
        where side = 'customer'
    ) as accounts
    inner join project_entities as entities on entities.entity_no = accounts.entity_no
),

known as (
    select
        *,
        upper(trim(country)) as country_code,
    from stg_erp__counterparties
    where side = 'customer'
),

-- who pays the invoices first, then who can be reached, then by identifier
ranked as (
    select
        *,
        row_number() over (
            partition by entity_no, counterparty_id
            order by
                not regexp_matches(
                    strip_accents(lower(coalesce(role, ''))),
                    'payable|compta|account|fournisseur|tresor|financ|factur'
                ),
                phone is null and email is null,
                contact_id
        ) as rank_no,
    from stg_erp__contacts
    where side = 'customer'
),

spoken as (
    select
        customers.counterparty_no,
        contacts.name as contact_name,
        coalesce(contacts.phone, known.phone) as phone,
        coalesce(contacts.email, known.email) as email,
        case
            when trim(contacts.language) = '' or contacts.language is null then null
            when lower(trim(contacts.language)) like 'fr%' then 'fr'
            else 'en'
        end as contact_language,
        case
            when known.country_code = '' then null
            when known.country_code in (
                'FR', 'FRA', 'FRANCE', 'MC', 'MONACO', 'LU', 'LUXEMBOURG', 'GP', 'MQ', 'GF', 'RE',
                'YT', 'PF', 'NC', 'PM', 'BL', 'MF', 'WF'
            ) then 'fr'
            when known.country_code is not null then 'en'
            when known.siren is not null or known.siret is not null then 'fr'
        end as country_language,
        case when customers.entity_siren is not null then 'fr' else 'en' end as entity_language,
    from customers
    left join known
        on known.entity_no = customers.entity_no
        and known.counterparty_id = customers.counterparty_id
    left join ranked as contacts
        on contacts.entity_no = customers.entity_no
        and contacts.counterparty_id = customers.counterparty_id
        and contacts.rank_no = 1
),

final as (
    select
        counterparty_no,
        contact_name,
        phone,
        email,
        coalesce(contact_language, country_language, entity_language) as language,
        case
            when contact_language is not null then 'contact'
            when country_language is not null then 'country'
            else 'entity'
        end as language_source,
    from spoken
)

select * from final
