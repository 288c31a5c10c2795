-- severity: warn
-- sentence: A fiscal year is missing before these: what was open at the end of the years
--   before is not followed further.
select
    entity_id,
    fiscal_year_start,
from stg_fec__fiscal_years
where previous_fy_no is null and chain_no > 1
