-- severity: fail
-- sentence: These lines of ref/match_weights.csv or ref/match_rules.csv are missing or cannot be
--   used: m and u lie between 0 and 1, every level and every rule stands once; correct
--   them and build again.
with

wanted as (
    select unnest([
        'name/exact', 'name/very close', 'name/close', 'name/words', 'name/other',
        'place/same', 'place/department', 'place/other',
        'street/number and name', 'street/name', 'street/other',
        'form/same', 'form/other', 'state/active', 'state/ceased'
    ]) as line
),

wanted_rules as (
    select unnest([
        'universe_units', 'accept_percent', 'accept_margin_bits', 'review_percent',
        'name_similarity_percent', 'block_units'
    ]) as line
),

weights as (
    select
        comparison || '/' || level as line,
        count(*) as line_count,
        bool_and(m > 0 and m <= 1 and u > 0 and u <= 1) as is_usable,
    from ref_match_weights
    group by comparison, level
),

rules as (
    select
        rule as line,
        count(*) as line_count,
        bool_and(
            value > 0 and (not ends_with(rule, 'percent') or value <= 100)
        ) as is_usable,
    from ref_match_rules
    group by rule
)

select
    coalesce(wanted.line, weights.line) as line,
    coalesce(weights.line_count, 0) as line_count,
from wanted
full join weights on weights.line = wanted.line
where wanted.line is null or weights.line_count is distinct from 1 or not weights.is_usable
union all
select
    coalesce(wanted_rules.line, rules.line) as line,
    coalesce(rules.line_count, 0) as line_count,
from wanted_rules
full join rules on rules.line = wanted_rules.line
where wanted_rules.line is null or rules.line_count is distinct from 1 or not rules.is_usable
