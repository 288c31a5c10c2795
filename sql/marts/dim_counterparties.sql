-- grain: one row per entity, side and counterparty
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: Who are the customers and suppliers?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier in the ledger
--   counterparty_name: name as last written in the ledger
--   siren: SIREN; null, a ledger does not tell it
--   siret: SIRET; null, a ledger does not tell it
--   vat_number: VAT number; null, a ledger does not tell it
--   country: country; null, a ledger does not tell it
--   postal_code: postal code; null, a ledger does not tell it
--   city: city; null, a ledger does not tell it
--   group_id: group of the counterparty; null, a ledger does not tell it
--   account_manager: who looks after it; null, a ledger does not tell it
--   payment_terms: terms of encours.yaml, in normal form
--   credit_limit_amount: credit limit, currency of the entity; null, a ledger does not tell it
--   naf_code: activity; null, a ledger does not tell it
--   legal_form: legal form; null, a ledger does not tell it
--   headcount_band: size; null, a ledger does not tell it
--   legal_status: legal status; null, a ledger does not tell it
--   match_method: how it was identified; null, a ledger does not tell it
--   match_probability: probability of the identification; null, a ledger does not tell it
--   is_intercompany: belongs to the group, by encours.yaml
-- decisions: 6, 16
with

accounts as (
    select * from int_accounts
),

terms as (
    select * from project_terms
),

names as (
    select * from int_account_names
),

counterparties as (
    select
        accounts.entity_id,
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
    group by accounts.entity_id, accounts.side, accounts.counterparty_id
),

final as (
    select
        counterparties.entity_id,
        counterparties.side,
        counterparties.counterparty_id,
        coalesce(counterparties.counterparty_name, counterparties.counterparty_id)
            as counterparty_name,
        cast(null as varchar) as siren,
        cast(null as varchar) as siret,
        cast(null as varchar) as vat_number,
        cast(null as varchar) as country,
        cast(null as varchar) as postal_code,
        cast(null as varchar) as city,
        cast(null as varchar) as group_id,
        cast(null as varchar) as account_manager,
        coalesce(own.terms_code, defaults.terms_code) as payment_terms,
        cast(null as decimal(18, 2)) as credit_limit_amount,
        cast(null as varchar) as naf_code,
        cast(null as varchar) as legal_form,
        cast(null as varchar) as headcount_band,
        cast(null as varchar) as legal_status,
        cast(null as varchar) as match_method,
        cast(null as decimal(9, 6)) as match_probability,
        counterparties.is_intercompany,
    from counterparties
    left join terms as own
        on own.entity_id = counterparties.entity_id
        and own.side = counterparties.side
        and own.counterparty_id = counterparties.counterparty_id
    left join terms as defaults
        on defaults.entity_id = counterparties.entity_id
        and defaults.side = counterparties.side
        and defaults.counterparty_id is null
)

select * from final
