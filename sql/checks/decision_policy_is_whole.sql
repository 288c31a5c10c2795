-- severity: fail
-- sentence: These lines of ref/decision_policy.csv cannot be used; correct them and build again.
--   The rules go from 1 without a gap, an approval bounds the order or the exposure, and the last
--   line, and no other, fits every customer.
with

policy as (
    select
        *,
        row_number() over (order by rule_no, rule) as expected_no,
        count(*) over (partition by rule) as rule_count,
        max(rule_no) over () as last_no,
        min(overdue_days) over () as first_days,
        severity is null and not is_ceased and risk_classes = '*' and overdue_amount is null
        and order_amount is null and limit_ratio is null as is_for_all,
    from ref_decision_policy
),

problems as (
    select
        rule_no,
        rule,
        case
            when rule_no <> expected_no
                then 'rule_no must be ' || expected_no || ': rules go from 1 without a gap'
            when rule_count > 1 then 'rule stands on several lines: give each its own name'
            when decision not in ('refuse', 'prepay', 'hold', 'approve', 'review')
                then 'decision must be refuse, prepay, hold, approve or review'
            when severity not between 0 and 10 then 'severity must be 0 to 10, or empty'
            when risk_classes <> '*' and not regexp_full_match(risk_classes, '[A-EN]+')
                then 'risk_classes must be letters of A to E and N, such as AB, or *'
            when (overdue_days is null) <> (overdue_amount is null)
                then 'overdue_days and overdue_amount must stand together'
            when overdue_days < 0 then 'overdue_days must be 0 or more'
            when overdue_days <> first_days
                then 'overdue_days must be ' || first_days || ', as on the lines before'
            when overdue_amount < 0 then 'overdue_amount must be 0 or more'
            when order_amount <= 0 then 'order_amount must be above 0'
            when limit_ratio <= 0 or limit_ratio > 5
                then 'limit_ratio must be above 0 and at most 5: 1.1 is 110 % of the limit'
            when valid_days not between 1 and 366 then 'valid_days must be 1 to 366'
            when decision = 'approve' and order_amount is null and limit_ratio is null
                then 'an approval needs order_amount or limit_ratio: nothing would bound it'
            when terms is not null and terms not in (select terms from ref_decision_terms)
                then 'terms is no line of ref/decision_terms.csv'
            when is_for_all and rule_no < last_no
                then 'fits every customer: the lines after it are never tried'
            when not is_for_all and rule_no = last_no
                then 'the last line must fit every customer: leave its conditions out'
        end as problem,
    from policy
)

select
    rule_no,
    rule,
    problem,
from problems
where problem is not null
union all
select
    cast(null as integer) as rule_no,
    cast(null as varchar) as rule,
    'there is no rule at all: add a last line that fits every customer' as problem,
from (
    select count(*) as line_count from ref_decision_policy
) as whole
where line_count = 0
