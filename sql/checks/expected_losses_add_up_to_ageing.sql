-- severity: fail
-- sentence: The provision matrix does not hold what the customers of these entities owe: mend
--   ref/provision_buckets.csv, where each number of days must be in one bucket.
with

matrix as (
    select
        entity_id,
        sum(open_amount) as open_amount,
        sum(exposure_amount) as exposure_amount,
        count(*) filter (where bucket is null) as lost_count,
    from mart_expected_credit_loss
    group by entity_id
),

ageing as (
    select
        entity_id,
        sum(open_amount) as open_amount,
        sum(debit_amount) as debit_amount,
    from mart_ageing
    where side = 'customer'
    group by entity_id
)

select
    coalesce(matrix.entity_id, ageing.entity_id) as entity_id,
    matrix.open_amount,
    ageing.open_amount as ageing_amount,
from matrix
full join ageing on ageing.entity_id = matrix.entity_id
where
    coalesce(matrix.open_amount, 0) <> coalesce(ageing.open_amount, 0)
    or coalesce(matrix.exposure_amount, 0) <> coalesce(ageing.debit_amount, 0)
    or matrix.lost_count > 0
