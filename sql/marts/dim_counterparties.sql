-- grain: one row per entity, side and counterparty
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: Who are the customers and suppliers?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier in the ledger
--   counterparty_name: name; the code where nothing else names it. Which source an attribute comes
--     from, and who says otherwise, stands in mart_counterparty_attributes
--   siren: SIREN; null where it is not known
--   siret: SIRET; null where it is not known
--   vat_number: VAT number; null where it is not known
--   country: country; null where it is not known
--   postal_code: postal code; null where it is not known
--   city: city; null where it is not known
--   parent_id: its parent, as the source that counts writes it; null where it has none
--   group_id: its ultimate parent, the last one on the way up; null where it has none
--   account_manager: who looks after it; null where it is not known
--   payment_terms: what a person set, else terms of encours.yaml, else of the file of
--     counterparties, in normal form
--   credit_limit_amount: credit limit, currency of the entity; null where none is known in it
--   naf_code: activity by the register; null where it is not known
--   legal_form: legal form by the register; null where it is not known
--   headcount_band: number of employees by the register, from-to; null where it is not known
--   legal_status: A: active, C: ceased, by the register as it was loaded; null where it is not
--     known
--   match_method: how the company was identified, see int_identities; null: it was not
--   match_probability: probability of the identification, 0 to 1
--   is_person: it is a natural person
--   is_intercompany: belongs to the group, by encours.yaml
-- decisions: 6, 16, 22, 113, 123, 125, 126
with

accounts as (
    select * from int_accounts
),

terms as (
    select * from int_terms
),

identities as (
    select * from int_identities
),

persons as (
    select * from int_persons
),

groups as (
    select * from int_counterparty_groups
),

golden as (
    select
        counterparty_no,
        max(case when attribute = 'name' then attribute_value end) as counterparty_name,
        max(case when attribute = 'siren' then attribute_value end) as siren,
        max(case when attribute = 'siret' then attribute_value end) as siret,
        max(case when attribute = 'vat_number' then attribute_value end) as vat_number,
        max(case when attribute = 'country' then attribute_value end) as country,
        max(case when attribute = 'postal_code' then attribute_value end) as postal_code,
        max(case when attribute = 'city' then attribute_value end) as city,
        max(case when attribute = 'account_manager' then attribute_value end) as account_manager,
        max(case when attribute = 'credit_limit' then attribute_value end) as credit_limit,
        max(case when attribute = 'payment_terms' then attribute_value end) as payment_terms,
        max(case when attribute = 'naf_code' then attribute_value end) as naf_code,
        max(case when attribute = 'legal_form' then attribute_value end) as legal_form,
        max(case when attribute = 'headcount_band' then attribute_value end) as headcount_band,
        max(case when attribute = 'legal_status' then attribute_value end) as legal_status,
    from int_counterparty_attributes
    where is_chosen
    group by counterparty_no
),

counterparties as (
    select
        counterparty_no,
        entity_no,
        entity_id,
        side,
        counterparty_id,
        bool_or(is_intercompany) as is_intercompany,
    from accounts
    group by counterparty_no, entity_no, entity_id, side, counterparty_id
),

final as (
    select
        counterparties.entity_id,
        counterparties.side,
        counterparties.counterparty_id,
        coalesce(golden.counterparty_name, counterparties.counterparty_id) as counterparty_name,
        golden.siren,
        golden.siret,
        golden.vat_number,
        golden.country,
        golden.postal_code,
        golden.city,
        groups.parent_id,
        groups.group_id,
        golden.account_manager,
        coalesce(golden.payment_terms, own.terms_code, defaults.terms_code) as payment_terms,
        try_cast(golden.credit_limit as decimal(18, 2)) as credit_limit_amount,
        golden.naf_code,
        golden.legal_form,
        golden.headcount_band,
        golden.legal_status,
        identities.match_method,
        identities.match_probability,
        persons.counterparty_no is not null as is_person,
        counterparties.is_intercompany,
    from counterparties
    left join golden on golden.counterparty_no = counterparties.counterparty_no
    left join groups on groups.counterparty_no = counterparties.counterparty_no
    left join identities on identities.counterparty_no = counterparties.counterparty_no
    left join persons on persons.counterparty_no = counterparties.counterparty_no
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
