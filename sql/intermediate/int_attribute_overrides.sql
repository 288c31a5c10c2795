-- grain: one row per counterparty of which a person has set an attribute
-- key: entity_id, side, counterparty_id
-- question: What did persons say about a counterparty, against what the sources tell?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   name: name; null, as all that follow, where nobody set it
--   siren: SIREN, 9 digits
--   siret: SIRET, 14 digits
--   vat_number: VAT number, without spaces
--   country: country, ISO 3166 code
--   postal_code: postal code
--   city: city
--   street: street and number
--   email: e-mail address
--   phone: telephone number
--   parent_id: code of the parent
--   account_manager: who looks after it
--   payment_terms: payment terms, in normal form
--   credit_limit_amount: credit limit, currency of the entity
--   naf_code: activity
--   legal_form: legal form
--   headcount_band: size
-- decisions: 125
with

overrides as (
    select * from attribute_overrides
),

final as (
    select
        entity_id,
        side,
        counterparty_id,
        max(value) filter (where attribute = 'name') as name,
        max(value) filter (where attribute = 'siren') as siren,
        max(value) filter (where attribute = 'siret') as siret,
        max(value) filter (where attribute = 'vat_number') as vat_number,
        max(value) filter (where attribute = 'country') as country,
        max(value) filter (where attribute = 'postal_code') as postal_code,
        max(value) filter (where attribute = 'city') as city,
        max(value) filter (where attribute = 'street') as street,
        max(value) filter (where attribute = 'email') as email,
        max(value) filter (where attribute = 'phone') as phone,
        max(value) filter (where attribute = 'parent_id') as parent_id,
        max(value) filter (where attribute = 'account_manager') as account_manager,
        max(value) filter (where attribute = 'payment_terms') as payment_terms,
        cast(
            max(value) filter (where attribute = 'credit_limit') as decimal(18, 2)
        ) as credit_limit_amount,
        max(value) filter (where attribute = 'naf_code') as naf_code,
        max(value) filter (where attribute = 'legal_form') as legal_form,
        max(value) filter (where attribute = 'headcount_band') as headcount_band,
    from overrides
    group by entity_id, side, counterparty_id
)

select * from final
