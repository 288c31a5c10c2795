-- severity: warn
-- sentence: No ledger of these entities is loaded: their figures are not proved.
select
    project_entities.entity_id,
from project_entities
left join stg_fec__fiscal_years on stg_fec__fiscal_years.entity_no = project_entities.entity_no
where stg_fec__fiscal_years.fy_no is null
