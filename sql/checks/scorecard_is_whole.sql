-- severity: fail
-- sentence: ref/scorecard.csv must cover every value of each factor once, say what an unknown value
--   is worth, and have weights that add up to 100.
with

known as (
    select unnest([
        'late_12m_days', 'paid_late_30_12m_ratio', 'overdue_ratio', 'oldest_overdue_days',
        'trend_days', 'external_class', 'tenure_months', 'incident_count'
    ]) as factor,
),

factors as (
    select
        factor,
        min(weight) as lowest_weight,
        max(weight) as highest_weight,
        count(*) filter (where from_value is null and to_value is null) as unknown_count,
        count(*) filter (where from_value is null and to_value is not null) as lowest_count,
        count(*) filter (where to_value is null and from_value is not null) as highest_count,
    from ref_scorecard
    group by factor
),

ranges as (
    select
        factor,
        from_value,
        to_value,
        lead(from_value) over (
            partition by factor order by from_value nulls first, to_value
        ) as next_value,
        lead(factor) over (
            partition by factor order by from_value nulls first, to_value
        ) as next_factor,
    from ref_scorecard
    where from_value is not null or to_value is not null
)

select
    factors.factor,
    'is not a factor that can be measured' as problem,
    null as value,
from factors
anti join known on known.factor = factors.factor
union all
select
    factor,
    'has several weights: all its lines need the same' as problem,
    highest_weight as value,
from factors
where lowest_weight <> highest_weight
union all
select
    factor,
    'has a weight below 0 or above 100' as problem,
    lowest_weight as value,
from factors
where lowest_weight < 0 or highest_weight > 100
union all
select
    null as factor,
    'the weights of all factors must add up to 100; they add up to this' as problem,
    sum(highest_weight) as value,
from factors
having coalesce(sum(highest_weight), 0) <> 100
union all
select
    factor,
    'needs one line without from_value and to_value: what is not known' as problem,
    unknown_count as value,
from factors
where unknown_count <> 1
union all
select
    factor,
    'needs one lowest range, without from_value, and one highest, without to_value' as problem,
    null as value,
from factors
where lowest_count <> 1 or highest_count <> 1
union all
select
    factor,
    'has a gap above this value' as problem,
    to_value as value,
from ranges
where next_factor is not null and next_value > to_value
union all
select
    factor,
    'has ranges that overlap above this value' as problem,
    next_value as value,
from ranges
where next_factor is not null and (next_value < to_value or next_value is null or to_value is null)
union all
select
    factor,
    'has a range that ends before it begins; it begins here' as problem,
    from_value as value,
from ref_scorecard
where from_value >= to_value
union all
select
    factor,
    'has points below 0 or above 100' as problem,
    points as value,
from ref_scorecard
where points not between 0 and 100
union all
select
    factors.factor,
    'has no texts in ref/scorecard_texts.csv' as problem,
    null as value,
from factors
anti join ref_scorecard_texts as texts on texts.factor = factors.factor
