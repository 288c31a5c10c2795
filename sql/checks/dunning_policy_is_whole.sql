-- severity: fail
-- sentence: These lines of ref/dunning_policy.csv cannot be used; correct them and build again. The
--   levels of each segment and class go from 1 without a gap, each due later than the one before,
--   and one ladder is for every segment and class (* and *).
with

policy as (
    select
        *,
        row_number() over (partition by segment, risk_class order by level) as expected_level,
        lag(after_days) over (partition by segment, risk_class order by level) as earlier_days,
    from ref_dunning_policy
),

problems as (
    select
        segment,
        risk_class,
        level,
        case
            when risk_class not in ('*', 'A', 'B', 'C', 'D', 'E', 'N')
                then 'risk_class must be A to E, N or *'
            when level <> expected_level
                then 'level must be ' || expected_level || ': levels go from 1 without a gap'
            when after_days < 1 then 'after_days must be 1 or more: nothing is overdue before'
            when after_days <= earlier_days
                then 'after_days must be more than the ' || earlier_days || ' of the level before'
            when wait_days < 0 then 'wait_days must be 0 or more'
            when minimum_amount < 0 then 'minimum_amount must be 0 or more'
            when kind not in ('reminder', 'call', 'formal notice', 'legal case')
                then 'kind must be reminder, call, formal notice or legal case'
            when channel not in ('letter', 'e-mail', 'phone', 'none')
                then 'channel must be letter, e-mail, phone or none'
            when kind in ('reminder', 'formal notice') and channel not in ('letter', 'e-mail')
                then 'channel of a ' || kind || ' must be letter or e-mail'
        end as problem,
    from policy
)

select
    segment,
    risk_class,
    level,
    problem,
from problems
where problem is not null
union all
select
    '*' as segment,
    '*' as risk_class,
    1 as level,
    'a ladder for every segment and class is missing: add lines with * and *' as problem,
from (
    select count(*) as line_count
    from ref_dunning_policy
    where segment = '*' and risk_class = '*'
) as common
where line_count = 0
