-- severity: fail
-- sentence: These lines of ref/limit_rules.csv or ref/limit_classes.csv cannot be used; correct
--   them and build again.
with

expected as (
    select unnest([
        {'rule': 'tolerated_late_days', 'least': 0, 'most': 365},
        {'rule': 'default_term_days', 'least': 0, 'most': 365},
        {'rule': 'season_max', 'least': 1, 'most': 12},
        {'rule': 'own_cap_percent', 'least': 0, 'most': 100},
        {'rule': 'insured_only', 'least': 0, 'most': 1},
        {'rule': 'rounding_amount', 'least': 1, 'most': 1000000}
    ], recursive := true)
),

rules as (
    select
        rule,
        count(*) as line_count,
        max(value) as value,
    from ref_limit_rules
    group by rule
),

classes as (
    select unnest(['A', 'B', 'C', 'D', 'E']) as risk_class
),

given as (
    select
        risk_class,
        count(*) as line_count,
        min(need_coefficient) as need_coefficient,
        min(capacity_percent) as capacity_percent,
        max(capacity_percent) as most_percent,
    from ref_limit_classes
    group by risk_class
)

select
    coalesce(expected.rule, rules.rule) as name,
    case
        when expected.rule is null then 'is not a rule of ref/limit_rules.csv'
        when rules.rule is null then 'is missing in ref/limit_rules.csv'
        when rules.line_count > 1 then 'stands more than once in ref/limit_rules.csv'
        else 'must be from ' || expected.least || ' to ' || expected.most
    end as problem,
from expected
full join rules on rules.rule = expected.rule
where
    expected.rule is null
    or rules.rule is null
    or rules.line_count > 1
    or rules.value < expected.least
    or rules.value > expected.most
union all
select
    coalesce(classes.risk_class, given.risk_class) as name,
    case
        when classes.risk_class is null
            then 'is not a class of ref/limit_classes.csv: A, B, C, D and E are'
        when given.risk_class is null then 'is missing in ref/limit_classes.csv'
        when given.line_count > 1 then 'stands more than once in ref/limit_classes.csv'
        else 'needs a need_coefficient of 0 or more and a capacity_percent from 0 to 100'
    end as problem,
from classes
full join given on given.risk_class = classes.risk_class
where
    classes.risk_class is null
    or given.risk_class is null
    or given.line_count > 1
    or given.need_coefficient < 0
    or given.capacity_percent < 0
    or given.most_percent > 100
