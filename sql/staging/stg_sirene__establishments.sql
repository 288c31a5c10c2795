-- grain: one row per establishment
-- key: siret
-- question: Where are the companies, and under which names?
-- materialized: table
-- columns:
--   siret: SIRET, 14 digits
--   siren: SIREN of the legal unit, 9 digits
--   diffusion_status: O: public, P: partly public, names and addresses masked
--   state: A: active, F: closed
--   state_since: first day of the latest period, and so of its state
--   created_on: day it was created
--   is_head_office: it is the head office
--   sign_1: sign over the door (enseigne)
--   sign_2: second sign
--   sign_3: third sign
--   usual_name: name by which it is known
--   address_complement: building, staircase …
--   street_number: number in the street
--   street_repetition: B, T … behind the number
--   street_type: type of the street, as INSEE shortens it
--   street_name: name of the street
--   postal_code: postal code, 5 characters
--   city: commune
--   city_abroad: city abroad
--   commune_code: commune, 5 characters of INSEE
--   cedex_code: postal code of the CEDEX
--   country: country abroad; null: France
--   naf_code: main activity, NN.NNX
--   headcount_band: number of employees by band, 2 characters of INSEE
--   is_employer: it employs people
--   updated_on: day of the last change in the register
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from establishments
),

batches as (
    select * from stg_landing__batches
    where dataset = 'establishments'
),

-- of one key the latest batch counts, in it the last line
ranked as (
    select
        rows_landed.siret,
        rows_landed.siren,
        rows_landed.diffusion_status,
        rows_landed.state,
        rows_landed.state_since,
        rows_landed.created_on,
        rows_landed.is_head_office,
        rows_landed.sign_1,
        rows_landed.sign_2,
        rows_landed.sign_3,
        rows_landed.usual_name,
        rows_landed.address_complement,
        rows_landed.street_number,
        rows_landed.street_repetition,
        rows_landed.street_type,
        rows_landed.street_name,
        rows_landed.postal_code,
        rows_landed.city,
        rows_landed.city_abroad,
        rows_landed.commune_code,
        rows_landed.cedex_code,
        rows_landed.country,
        rows_landed.naf_code,
        rows_landed.headcount_band,
        rows_landed.is_employer,
        rows_landed.updated_on,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by rows_landed.siret
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
),

final as (
    select
        siret,
        siren,
        diffusion_status,
        state,
        state_since,
        created_on,
        is_head_office,
        sign_1,
        sign_2,
        sign_3,
        usual_name,
        address_complement,
        street_number,
        street_repetition,
        street_type,
        street_name,
        postal_code,
        city,
        city_abroad,
        commune_code,
        cedex_code,
        country,
        naf_code,
        headcount_band,
        is_employer,
        updated_on,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
