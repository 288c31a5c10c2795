-- severity: fail
-- sentence: ref/scorecard_classes.csv needs the classes A to E with falling scores down to 0, and N
--   without a score; ref/scorecard_rules.csv and ref/scorecard_overrides.csv must fit them.
with

known as (
    select unnest(['A', 'B', 'C', 'D', 'E', 'N']) as risk_class,
),

given as (
    select
        risk_class,
        count(*) as line_count,
        max(from_score) as from_score,
        max(policy_class) as policy_class,
    from ref_scorecard_classes
    group by risk_class
),

-- a better class has the higher score
ordered as (
    select
        risk_class,
        from_score,
        lag(from_score) over (order by risk_class) as better_score,
    from given
    where risk_class <> 'N'
)

select
    coalesce(known.risk_class, given.risk_class) as name,
    case
        when known.risk_class is null then 'is not a class: A, B, C, D, E and N are'
        when given.risk_class is null then 'is missing'
        when given.line_count > 1 then 'stands more than once'
        when known.risk_class = 'N' then 'has no score: leave from_score empty'
        else 'needs from_score'
    end as problem,
from known
full join given on given.risk_class = known.risk_class
where
    known.risk_class is null
    or given.risk_class is null
    or given.line_count > 1
    or (known.risk_class = 'N') <> (given.from_score is null)
union all
select
    risk_class as name,
    'must begin below the class before it' as problem,
from ordered
where from_score >= better_score
union all
select
    risk_class as name,
    'must begin at 0: every score needs a class' as problem,
from ordered
where risk_class = 'E' and from_score <> 0
union all
select
    risk_class as name,
    'needs a policy_class from A to E' as problem,
from given
where policy_class not in ('A', 'B', 'C', 'D', 'E')
union all
select
    expected.rule as name,
    'must stand once in ref/scorecard_rules.csv: ' || expected.allowed as problem,
from (
    values ('paid_invoices', '0 or more'), ('history_months', '3, 6, 12 or 24')
) as expected (rule, allowed)
left join (
    select
        rule,
        count(*) as line_count,
        max(value) as value,
    from ref_scorecard_rules
    group by rule
) as rules on rules.rule = expected.rule
where
    rules.rule is null
    or rules.line_count > 1
    or (expected.rule = 'paid_invoices' and rules.value < 0)
    or (expected.rule = 'history_months' and rules.value not in (3, 6, 12, 24))
union all
select
    rule as name,
    'is not a rule of ref/scorecard_rules.csv: paid_invoices and history_months are' as problem,
from ref_scorecard_rules
where rule not in ('paid_invoices', 'history_months')
union all
select
    override_rule as name,
    'needs a risk_class from A to E in ref/scorecard_overrides.csv' as problem,
from ref_scorecard_overrides
where risk_class not in ('A', 'B', 'C', 'D', 'E')
