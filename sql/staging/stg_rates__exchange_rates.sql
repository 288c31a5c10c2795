-- grain: one row per currency, base currency and day
-- key: currency, base_currency, rate_date
-- question: What is a currency worth on a day?
-- materialized: table
-- columns:
--   currency: quoted currency, ISO 4217
--   base_currency: base currency, EUR for the ECB
--   rate_date: day of the rate
--   rate: units of currency for one unit of base_currency
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from exchange_rates
),

batches as (
    select * from stg_landing__batches
    where dataset = 'exchange_rates'
),

ranked as (
    select
        rows_landed.currency,
        rows_landed.base_currency,
        rows_landed.rate_date,
        rows_landed.rate,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by rows_landed.currency, rows_landed.base_currency, rows_landed.rate_date
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        currency,
        base_currency,
        rate_date,
        rate,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
