-- grain: one row per entity, side and counterparty
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: Who are the customers and suppliers?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier in the ledger
--   counterparty_name: name in the file of counterparties, else as last written in the ledger
--   siren: SIREN; null where no file of counterparties tells it
--   siret: SIRET; null where no file of counterparties tells it
--   vat_number: VAT number; null where no file of counterparties tells it
--   country: country; null where no file of counterparties tells it
--   postal_code: postal code; null where no file of counterparties tells it
--   city: city; null where no file of counterparties tells it
--   group_id: parent in the file of counterparties; null where it has none
--   account_manager: who looks after it; null where no file of counterparties tells it
--   payment_terms: terms of encours.yaml, else of the file of counterparties, in normal form
--   credit_limit_amount: credit limit, currency of the entity; null where no file of counterparties
--     tells it in that currency
--   naf_code: activity; null, a ledger does not tell it
--   legal_form: legal form; null, a ledger does not tell it
--   headcount_band: size; null, a ledger does not tell it
--   legal_status: legal status; null, a ledger does not tell it
--   match_method: how it was identified; null, a ledger does not tell it
--   match_probability: probability of the identification; null, a ledger does not tell it
--   is_intercompany: belongs to the group, by encours.yaml
-- decisions: 6, 16, 22, 125
with

accounts as (
    select * from int_accounts
),

terms as (
    select * from int_terms
),

known as (
    select * from stg_erp__counterparties
),

names as (
    select * from int_account_names
),

entities as (
    select * from project_entities
),

-- the word of a person goes before every source
overrides as (
    select * from int_attribute_overrides
),

counterparties as (
    select
        accounts.entity_no,
        accounts.entity_id,
        entities.currency,
        accounts.side,
        accounts.counterparty_id,
        -- the account is the name of the customer only where nothing else is
        coalesce(
            arg_max(names.aux_label, (names.aux_line_key, names.account)),
            arg_max(names.account_label, (names.account_line_key, names.account))
        ) as counterparty_name,
        bool_or(accounts.is_intercompany) as is_intercompany,
    from accounts
    inner join names
        on names.entity_no = accounts.entity_no
        and names.account = accounts.account
        and names.aux_account is not distinct from accounts.aux_account
    inner join entities on entities.entity_no = accounts.entity_no
    group by
        accounts.entity_no, accounts.entity_id, entities.currency, accounts.side,
        accounts.counterparty_id
),

final as (
    select
        counterparties.entity_id,
        counterparties.side,
        counterparties.counterparty_id,
        coalesce(
            overrides.name, known.name, counterparties.counterparty_name,
            counterparties.counterparty_id
        ) as counterparty_name,
        coalesce(overrides.siren, known.siren) as siren,
        coalesce(overrides.siret, known.siret) as siret,
        coalesce(overrides.vat_number, known.vat_number) as vat_number,
        coalesce(overrides.country, known.country) as country,
        coalesce(overrides.postal_code, known.postal_code) as postal_code,
        coalesce(overrides.city, known.city) as city,
        coalesce(overrides.parent_id, known.parent_id) as group_id,
        coalesce(overrides.account_manager, known.account_manager) as account_manager,
        coalesce(
            overrides.payment_terms, own.terms_code, defaults.terms_code
        ) as payment_terms,
        -- a limit in another currency is no limit in this one
        coalesce(
            overrides.credit_limit_amount,
            case when coalesce(known.currency, counterparties.currency) = counterparties.currency
                then known.credit_limit end
        ) as credit_limit_amount,
        overrides.naf_code,
        overrides.legal_form,
        overrides.headcount_band,
        cast(null as varchar) as legal_status,
        cast(null as varchar) as match_method,
        cast(null as decimal(9, 6)) as match_probability,
        counterparties.is_intercompany,
    from counterparties
    left join known
        on known.entity_no = counterparties.entity_no
        and known.side = counterparties.side
        and known.counterparty_id = counterparties.counterparty_id
    left join overrides
        on overrides.entity_id = counterparties.entity_id
        and overrides.side = counterparties.side
        and overrides.counterparty_id = counterparties.counterparty_id
    left join terms as own
        on own.entity_no = counterparties.entity_no
        and own.side = counterparties.side
        and own.counterparty_id = counterparties.counterparty_id
    left join terms as defaults
        on defaults.entity_no = counterparties.entity_no
        and defaults.side = counterparties.side
        and defaults.counterparty_id is null
)

select * from final
