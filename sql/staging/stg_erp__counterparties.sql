-- grain: one row per entity, side and customer or supplier
-- key: entity_no, side, counterparty_id
-- question: Who are the customers and suppliers, as the accounting or sales software knows them?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier, as text
--   name: name
--   siren: SIREN, 9 digits
--   siret: SIRET, 14 digits
--   vat_number: VAT number, without spaces
--   street: street and number
--   postal_code: postal code, as text
--   city: city
--   country: country, ISO 3166 code where known
--   email: e-mail address
--   phone: telephone number
--   payment_terms: payment terms in words, such as 45 jours fin de mois
--   credit_limit: credit limit, in currency
--   currency: currency of the account, ISO 4217
--   parent_id: code of the parent or paying counterparty
--   account_manager: who looks after the customer
--   category: category of the source
--   opened_on: day the account was opened
--   is_blocked: deliveries are blocked
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from counterparties
),

batches as (
    select * from stg_landing__batches
    where dataset = 'counterparties'
),

-- an entity that encours.yaml no longer has is left out; of one key the latest batch counts, in it
-- the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.side,
        rows_landed.counterparty_id,
        rows_landed.name,
        rows_landed.siren,
        rows_landed.siret,
        rows_landed.vat_number,
        rows_landed.street,
        rows_landed.postal_code,
        rows_landed.city,
        rows_landed.country,
        rows_landed.email,
        rows_landed.phone,
        rows_landed.payment_terms,
        rows_landed.credit_limit,
        rows_landed.currency,
        rows_landed.parent_id,
        rows_landed.account_manager,
        rows_landed.category,
        rows_landed.opened_on,
        rows_landed.is_blocked,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.entity_no, rows_landed.side, rows_landed.counterparty_id
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
    where batches.entity_no is not null
),

final as (
    select
        entity_no,
        entity_id,
        side,
        counterparty_id,
        name,
        siren,
        siret,
        vat_number,
        street,
        postal_code,
        city,
        country,
        email,
        phone,
        payment_terms,
        credit_limit,
        currency,
        parent_id,
        account_manager,
        category,
        opened_on,
        is_blocked,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
