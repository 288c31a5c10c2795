-- severity: warn
-- sentence: No rate of late interest is known for these semesters: the interest of these days is
--   missing. Add the rate to ref/late_rates.csv.
with

lines as (
    select * from int_late_interest_lines
    -- said twice: whole items are left out before their lines are made
    where rate is null and unrated_days > 0
)

select
    entity_id,
    side,
    min(from_date) as first_date,
    max(to_date) as last_date,
    count(*) as line_count,
from lines
group by entity_id, side, 2 * year(from_date) + case when month(from_date) > 6 then 1 else 0 end
