-- grain: one row per entity, foreign currency and day of a document of an extract
-- key: entity_no, currency, document_date
-- question: At which rate does a document in a foreign currency count?
-- materialized: scratch
-- columns:
--   entity_no: rank of the entity
--   currency: currency of the document
--   document_date: date of the document
--   from_units: units of that currency for one of the base currency, in hundred millionths; null
--     where no rate is known
--   to_units: units of the entity's currency for the same, in hundred millionths
-- decisions: 24
with

entities as (
    select * from project_entities
),

documents as (
    select
        entity_no,
        currency,
        issue_date as document_date,
    from stg_erp__invoices
    union all
    select
        entity_no,
        currency,
        payment_date as document_date,
    from stg_erp__payments
),

needed as (
    select distinct
        documents.entity_no,
        entities.currency as entity_currency,
        documents.currency,
        documents.document_date,
    from documents
    inner join entities on entities.entity_no = documents.entity_no
    where documents.currency <> entities.currency
),

quotes as (
    select * from int_currency_quotes
),

asked as (
    select
        needed.*,
        bases.base_currency,
    from needed
    cross join (select distinct base_currency from quotes) as bases
),

-- the last quote of at most 7 days before
quoted as (
    select
        asked.entity_no,
        asked.currency,
        asked.document_date,
        asked.base_currency,
        from_quotes.rate as from_rate,
        to_quotes.rate as to_rate,
    from asked
    asof inner join quotes as from_quotes
        on from_quotes.currency = asked.currency
        and from_quotes.base_currency = asked.base_currency
        and from_quotes.rate_date <= asked.document_date
    asof inner join quotes as to_quotes
        on to_quotes.currency = asked.entity_currency
        and to_quotes.base_currency = asked.base_currency
        and to_quotes.rate_date <= asked.document_date
    where
        from_quotes.good_until >= asked.document_date
        and to_quotes.good_until >= asked.document_date
),

chosen as (
    select
        entity_no,
        currency,
        document_date,
        arg_min(from_rate, row(base_currency)) as from_rate,
        arg_min(to_rate, row(base_currency)) as to_rate,
    from quoted
    group by entity_no, currency, document_date
),

final as (
    select
        needed.entity_no,
        needed.currency,
        needed.document_date,
        cast(chosen.from_rate * 100000000 as hugeint) as from_units,
        cast(chosen.to_rate * 100000000 as hugeint) as to_units,
    from needed
    left join chosen
        on chosen.entity_no = needed.entity_no
        and chosen.currency = needed.currency
        and chosen.document_date = needed.document_date
)

select * from final
