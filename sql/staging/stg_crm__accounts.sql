-- grain: one row per source and account
-- key: source, crm_id
-- question: Which customers and prospects does sales know?
-- materialized: table
-- columns:
--   source: source of the extract
--   crm_id: identifier in the CRM; of Salesforce in 18 characters
--   name: name
--   account_number: code of the customer in the accounting or sales software
--   erp_entity_id: entity whose code account_number is; null: any that has it
--   parent_crm_id: account of the parent company
--   owner_id: salesperson who owns the account, see crm_users
--   owner_name: name of that person, where the extract tells it
--   account_type: customer, prospect, partner …, in the words of the CRM
--   industry: industry, in the words of the CRM
--   street: street and number
--   postal_code: postal code, as text
--   city: city
--   region: state or region
--   country: country, in the words of the CRM
--   phone: telephone number
--   email: e-mail address
--   website: website
--   siren: SIREN, as it was typed
--   siret: SIRET, as it was typed
--   vat_number: VAT number, as it was typed
--   duns: D-U-N-S number
--   annual_revenue: turnover, in currency
--   employees: number of employees
--   currency: currency of the amounts, ISO 4217
--   payment_terms: payment terms in words
--   credit_limit: credit limit, in currency
--   created_on: day the account was created
--   modified_on: day of its last change
--   is_deleted: it is in the bin of the CRM
--   entity_no: rank of the entity of the source; null where the source is of the group
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from crm_accounts
),

batches as (
    select * from stg_landing__batches
    where dataset = 'crm_accounts'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        batches.source,
        rows_landed.crm_id,
        rows_landed.name,
        rows_landed.account_number,
        rows_landed.erp_entity_id,
        rows_landed.parent_crm_id,
        rows_landed.owner_id,
        rows_landed.owner_name,
        rows_landed.account_type,
        rows_landed.industry,
        rows_landed.street,
        rows_landed.postal_code,
        rows_landed.city,
        rows_landed.region,
        rows_landed.country,
        rows_landed.phone,
        rows_landed.email,
        rows_landed.website,
        rows_landed.siren,
        rows_landed.siret,
        rows_landed.vat_number,
        rows_landed.duns,
        rows_landed.annual_revenue,
        rows_landed.employees,
        rows_landed.currency,
        rows_landed.payment_terms,
        rows_landed.credit_limit,
        rows_landed.created_on,
        rows_landed.modified_on,
        rows_landed.is_deleted,
        batches.entity_no,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.source, rows_landed.crm_id
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        source,
        crm_id,
        name,
        account_number,
        erp_entity_id,
        parent_crm_id,
        owner_id,
        owner_name,
        account_type,
        industry,
        street,
        postal_code,
        city,
        region,
        country,
        phone,
        email,
        website,
        siren,
        siret,
        vat_number,
        duns,
        annual_revenue,
        employees,
        currency,
        payment_terms,
        credit_limit,
        created_on,
        modified_on,
        is_deleted,
        entity_no,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
