-- grain: one row per agency, company and day
-- key: provider, subject_id, rating_date
-- question: What do rating agencies say, and since when?
-- materialized: table
-- columns:
--   provider: the agency
--   subject_id: number by which the agency knows the company
--   rating_date: day of the score
--   siren: SIREN, 9 digits
--   vat_number: VAT number
--   duns: D-U-N-S number
--   counterparty_id: own code of the customer, where the agency returns it
--   erp_entity_id: entity of that code; null: any that has it
--   name: name
--   country: country, ISO 3166 code
--   score_raw: score as the agency gives it
--   scale_min: worst score of the scale; may be the greater one
--   scale_max: best score of the scale
--   score_100: score, 0 worst to 100 best; null: made from score_raw
--   class: class as the agency gives it
--   limit_amount: limit that the agency recommends, in limit_currency
--   limit_currency: currency of the limit, ISO 4217
--   status: status of the company, in the words of the agency
--   last_accounts_date: closing date of the last accounts that it knows
--   sales: turnover
--   net_income: net result
--   equity: equity
--   privilege_social_amount: registered claims of the social security (URSSAF)
--   privilege_tax_amount: registered claims of the tax office
--   collective_event: collective procedure, in the words of the agency
--   event_date: day of that event
--   payment_delay_days: days late of its payments, as the agency sees them
--   report_url: page of the report
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from ratings
),

batches as (
    select * from stg_landing__batches
    where dataset = 'ratings'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        rows_landed.provider,
        rows_landed.subject_id,
        rows_landed.rating_date,
        rows_landed.siren,
        rows_landed.vat_number,
        rows_landed.duns,
        rows_landed.counterparty_id,
        rows_landed.erp_entity_id,
        rows_landed.name,
        rows_landed.country,
        rows_landed.score_raw,
        rows_landed.scale_min,
        rows_landed.scale_max,
        rows_landed.score_100,
        rows_landed.class,
        rows_landed.limit_amount,
        rows_landed.limit_currency,
        rows_landed.status,
        rows_landed.last_accounts_date,
        rows_landed.sales,
        rows_landed.net_income,
        rows_landed.equity,
        rows_landed.privilege_social_amount,
        rows_landed.privilege_tax_amount,
        rows_landed.collective_event,
        rows_landed.event_date,
        rows_landed.payment_delay_days,
        rows_landed.report_url,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by rows_landed.provider, rows_landed.subject_id, rows_landed.rating_date
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        provider,
        subject_id,
        rating_date,
        siren,
        vat_number,
        duns,
        counterparty_id,
        erp_entity_id,
        name,
        country,
        score_raw,
        scale_min,
        scale_max,
        score_100,
        class,
        limit_amount,
        limit_currency,
        status,
        last_accounts_date,
        sales,
        net_income,
        equity,
        privilege_social_amount,
        privilege_tax_amount,
        collective_event,
        event_date,
        payment_delay_days,
        report_url,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
