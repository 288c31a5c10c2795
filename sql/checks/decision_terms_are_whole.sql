-- severity: fail
-- sentence: ref/decision_terms.csv must give each class A to E its payment terms, on exactly one
--   line.
with

classes as (
    select unnest(['A', 'B', 'C', 'D', 'E']) as risk_class
),

given as (
    select
        classes.risk_class,
        count(terms.terms) as line_count,
    from classes
    left join ref_decision_terms as terms
        on strpos(coalesce(terms.risk_classes, ''), classes.risk_class) > 0
    group by classes.risk_class
)

select
    risk_class,
    cast(null as varchar) as terms,
    'must stand on exactly one line; it stands on ' || line_count as problem,
from given
where line_count <> 1
union all
select
    cast(null as varchar) as risk_class,
    terms,
    case
        when term_days not between 0 and 366 then 'term_days must be 0 to 366, or empty'
        else 'risk_classes must be letters of A to E, such as AB, or empty'
    end as problem,
from ref_decision_terms
where
    term_days not between 0 and 366
    or not regexp_full_match(coalesce(risk_classes, ''), '[A-E]*')
