-- severity: fail
-- sentence: ref/cash_forecast_rules.csv must hold each rule once, with a value that makes sense.
with

expected as (
    select
        unnest([
            'history_quarters', 'pooling_payments', 'early_percent', 'mid_percent', 'late_percent',
            'tail_percent', 'disputed_days', 'doubtful_days'
        ]) as rule,
        unnest([1, 1, 1, 1, 1, 0, 0, 0]) as lowest,
        unnest([40, 10000, 99, 99, 99, 99, 365, 365]) as highest,
        unnest([false, false, false, false, false, false, true, true]) as may_be_empty,
),

given as (
    select
        rule,
        count(*) as row_count,
        max(value) as value,
    from ref_cash_forecast_rules
    group by rule
)

select
    coalesce(expected.rule, given.rule) as rule,
    given.value,
    case
        when expected.rule is null then 'is not known'
        when given.rule is null then 'is missing'
        when given.row_count > 1 then 'stands more than once'
        when given.value is null then 'needs a value'
        else 'must lie between ' || expected.lowest || ' and ' || expected.highest
    end as problem,
from expected
full join given on given.rule = expected.rule
where
    expected.rule is null
    or given.rule is null
    or given.row_count > 1
    or (given.value is null and not expected.may_be_empty)
    or given.value not between expected.lowest and expected.highest
union all
select
    'early_percent, mid_percent, late_percent' as rule,
    mid_percent as value,
    'must rise' as problem,
from int_forecast_rules
where not (early_percent <= mid_percent and mid_percent <= late_percent)
