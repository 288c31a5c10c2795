-- grain: one row per notice, company and role
-- key: notice_id, siren, role
-- question: What was published about a company?
-- materialized: table
-- columns:
--   notice_id: identifier of the notice, such as A202601721671
--   siren: SIREN of a company that it names, 9 digits
--   role: what the notice says of this company: see the values
--   notice_type: an ordinary notice, or what it does to an earlier one
--   corrects_id: identifier of the notice that it corrects or cancels
--   bulletin: A, B or C
--   issue: issue of the bulletin (parution), such as 20260172
--   notice_number: number in the issue
--   published_on: day of publication
--   event_date: day of the judgment or of the event; null: not told
--   family: family of the notice by the code of the BODACC: collective …
--   nature: nature of the judgment or of the act, as it is written
--   details: what is written beside it, without line ends
--   court: court or registry
--   name: name of the company, as the notice writes it
--   is_person: the company is a natural person
--   postal_code: postal code
--   city: city
--   closing_date: of accounts filed: end of the fiscal year
--   deposit_type: of accounts filed: what was filed
--   is_confidential: of accounts filed: they may not be read
--   price_amount: of a sale: the price in the text, euros
--   url: page of the notice
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from legal_events
),

batches as (
    select * from stg_landing__batches
    where dataset = 'legal_events'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        rows_landed.notice_id,
        rows_landed.siren,
        rows_landed.role,
        rows_landed.notice_type,
        rows_landed.corrects_id,
        rows_landed.bulletin,
        rows_landed.issue,
        rows_landed.notice_number,
        rows_landed.published_on,
        rows_landed.event_date,
        rows_landed.family,
        rows_landed.nature,
        rows_landed.details,
        rows_landed.court,
        rows_landed.name,
        rows_landed.is_person,
        rows_landed.postal_code,
        rows_landed.city,
        rows_landed.closing_date,
        rows_landed.deposit_type,
        rows_landed.is_confidential,
        rows_landed.price_amount,
        rows_landed.url,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by rows_landed.notice_id, rows_landed.siren, rows_landed.role
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        notice_id,
        siren,
        role,
        notice_type,
        corrects_id,
        bulletin,
        issue,
        notice_number,
        published_on,
        event_date,
        family,
        nature,
        details,
        court,
        name,
        is_person,
        postal_code,
        city,
        closing_date,
        deposit_type,
        is_confidential,
        price_amount,
        url,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
