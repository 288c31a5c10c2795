-- severity: warn
-- sentence: The ledgers of these entities have no line on an account of customers (a book on a
--   cash basis or without accounts?): that nothing is open there is no finding.
with

entities as (
    select distinct
        entity_no,
        entity_id,
    from stg_fec__fiscal_years
),

with_customers as (
    select distinct entity_no from int_accounts
    where side = 'customer'
)

select entities.entity_id,
from entities
left join with_customers on with_customers.entity_no = entities.entity_no
where with_customers.entity_no is null
