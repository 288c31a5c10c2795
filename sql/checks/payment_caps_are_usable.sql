-- severity: fail
-- sentence: These lines of ref/payment_caps.csv cannot be used: one category must be "standard",
--   none may stand twice, and days must be 0 or more.
with

caps as (
    select
        *,
        lower(strip_accents(trim(category))) as category_code,
    from ref_payment_caps
)

select
    category_code as category,
    count(*) as line_count,
    min(cap_days) as cap_days,
from caps
group by category_code
having count(*) > 1 or min(cap_days) < 0 or min(end_of_month_days) < 0
union all
select
    'standard' as category,
    0 as line_count,
    null as cap_days,
from (select count(*) as line_count from caps where category_code = 'standard') as standards
where line_count = 0
