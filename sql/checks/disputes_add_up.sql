-- severity: fail
-- sentence: The open disputes of the summary are not those of the list.
with

listed as (
    select
        entity_id,
        count(*) as open_count,
    from mart_disputes
    where is_open
    group by entity_id
),

summed as (
    select
        mart_dispute_summary.entity_id,
        sum(mart_dispute_summary.open_count) as open_count,
        sum(
            open_weight_amount - open_0_30_amount - open_31_60_amount - open_61_90_amount
            - open_91_plus_amount
        ) as rest_amount,
    from mart_dispute_summary
    cross join params
    where mart_dispute_summary.month_end_date = params.as_of
    group by mart_dispute_summary.entity_id
)

select
    coalesce(listed.entity_id, summed.entity_id) as entity_id,
    listed.open_count as listed_count,
    summed.open_count as summed_count,
    summed.rest_amount,
from listed
full join summed on summed.entity_id = listed.entity_id
where
    coalesce(listed.open_count, 0) <> coalesce(summed.open_count, 0)
    or coalesce(summed.rest_amount, 0) <> 0
