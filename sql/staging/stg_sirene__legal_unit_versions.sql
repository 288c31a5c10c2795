-- grain: one row per legal unit and batch that landed it
-- key: siren, batch_no
-- question: What did each extract of the register say of a company?
-- materialized: view
-- columns:
--   siren: SIREN, 9 digits
--   batch_no: batch that landed the row
--   known_on: day of the extract
--   name: name of a company
--   legal_form_code: legal form, 4 digits
--   naf_code: main activity, NN.NNX
--   naf_nomenclature: nomenclature of naf_code
--   headcount_band: number of employees by band, 2 characters of INSEE
--   head_office_nic: NIC of the head office, 5 digits
-- decisions: 21, 105
with

rows_landed as (
    select * from legal_units
),

batches as (
    select * from stg_landing__batches
    where dataset = 'legal_units'
),

-- in one batch the last line counts
ranked as (
    select
        rows_landed.siren,
        batches.batch_no,
        batches.known_on,
        rows_landed.name,
        rows_landed.legal_form_code,
        rows_landed.naf_code,
        rows_landed.naf_nomenclature,
        rows_landed.headcount_band,
        rows_landed.head_office_nic,
        row_number() over (
            partition by rows_landed.siren, batches.batch_no
            order by rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        siren,
        batch_no,
        known_on,
        name,
        legal_form_code,
        naf_code,
        naf_nomenclature,
        headcount_band,
        head_office_nic,
    from ranked
    where recency = 1
)

select * from final
