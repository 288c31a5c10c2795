-- grain: one row per legal unit
-- key: siren
-- question: Which companies does the register know, of those that were looked for?
-- materialized: table
-- columns:
--   siren: SIREN, 9 digits
--   diffusion_status: O: public, P: partly public, names and addresses masked
--   legal_state: A: active, C: ceased
--   state_since: first day of the latest period, and so of its state
--   created_on: day the unit was created
--   name: name of a company
--   acronym: acronym
--   usual_name_1: name by which it is known
--   usual_name_2: second name by which it is known
--   usual_name_3: third name by which it is known
--   last_name: family name of a person
--   usage_name: name that the person uses
--   first_name: first name of a person
--   legal_form_code: legal form (catégorie juridique), 4 digits; 1000: a person
--   naf_code: main activity, NN.NNX
--   naf_nomenclature: nomenclature of naf_code, such as NAFRev2
--   naf25_code: main activity by NAF 2025
--   headcount_band: number of employees by band, 2 characters of INSEE
--   headcount_year: year of headcount_band
--   company_category: PME, ETI or GE
--   head_office_nic: NIC of the head office, 5 digits
--   is_employer: it employs people
--   is_purged: its details were removed from the register
--   updated_on: day of the last change in the register
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from legal_units
),

batches as (
    select * from stg_landing__batches
    where dataset = 'legal_units'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        rows_landed.siren,
        rows_landed.diffusion_status,
        rows_landed.legal_state,
        rows_landed.state_since,
        rows_landed.created_on,
        rows_landed.name,
        rows_landed.acronym,
        rows_landed.usual_name_1,
        rows_landed.usual_name_2,
        rows_landed.usual_name_3,
        rows_landed.last_name,
        rows_landed.usage_name,
        rows_landed.first_name,
        rows_landed.legal_form_code,
        rows_landed.naf_code,
        rows_landed.naf_nomenclature,
        rows_landed.naf25_code,
        rows_landed.headcount_band,
        rows_landed.headcount_year,
        rows_landed.company_category,
        rows_landed.head_office_nic,
        rows_landed.is_employer,
        rows_landed.is_purged,
        rows_landed.updated_on,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by rows_landed.siren
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        siren,
        diffusion_status,
        legal_state,
        state_since,
        created_on,
        name,
        acronym,
        usual_name_1,
        usual_name_2,
        usual_name_3,
        last_name,
        usage_name,
        first_name,
        legal_form_code,
        naf_code,
        naf_nomenclature,
        naf25_code,
        headcount_band,
        headcount_year,
        company_category,
        head_office_nic,
        is_employer,
        is_purged,
        updated_on,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
