-- grain: one row per legal unit and period
-- key: siren, valid_from
-- question: What was a company in each period of its life?
-- materialized: table
-- columns:
--   siren: SIREN, 9 digits
--   valid_from: first day of the period; 1900-01-01: not known
--   valid_to: last day of the period; null: it lasts
--   legal_state: A: active, C: ceased
--   name: name of a company
--   last_name: family name of a person
--   legal_form_code: legal form, 4 digits
--   naf_code: main activity, NN.NNX
--   head_office_nic: NIC of the head office, 5 digits
--   is_employer: it employed people
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from legal_unit_periods
),

batches as (
    select * from stg_landing__batches
    where dataset = 'legal_unit_periods'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        rows_landed.siren,
        rows_landed.valid_from,
        rows_landed.valid_to,
        rows_landed.legal_state,
        rows_landed.name,
        rows_landed.last_name,
        rows_landed.legal_form_code,
        rows_landed.naf_code,
        rows_landed.head_office_nic,
        rows_landed.is_employer,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by rows_landed.siren, rows_landed.valid_from
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        siren,
        valid_from,
        valid_to,
        legal_state,
        name,
        last_name,
        legal_form_code,
        naf_code,
        head_office_nic,
        is_employer,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
