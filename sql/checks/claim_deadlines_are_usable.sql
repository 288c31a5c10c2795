-- severity: fail
-- sentence: ref/claim_deadlines.csv needs one line for every entity (without an entity) and at most
--   one for each, with one month or more.
select
    coalesce(entity_id, 'every entity') as entity,
    count(*) as line_count,
    min(months) as months,
from ref_claim_deadlines
group by entity_id
having count(*) > 1 or min(months) < 1
union all
select
    'every entity' as entity,
    0 as line_count,
    null as months,
from (select count(*) as line_count from ref_claim_deadlines where entity_id is null)
where line_count = 0
