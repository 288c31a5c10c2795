-- severity: fail
-- sentence: These lines of ref/external_providers.csv, ref/external_classes.csv,
--   ref/bankruptcy_zones.csv or ref/insurance_rules.csv cannot be used; correct them and build
--   again.
with

zones as (
    select
        *,
        lag(at_least) over (partition by model order by zone_no) as limit_before,
        row_number() over (partition by model order by zone_no) as place_no,
    from ref_bankruptcy_zones
)

select
    'external_providers' as file,
    provider as name,
    'the rank stands twice, or the name is not in small letters' as problem,
from ref_external_providers
where provider <> lower(trim(provider))
union all
select
    'external_providers' as file,
    min(provider) as name,
    'the rank stands twice, or the name is not in small letters' as problem,
from ref_external_providers
group by rank_no
having count(*) > 1
union all
select
    'external_classes' as file,
    provider || ' ' || class as name,
    'provider must be in small letters and class in capital ones' as problem,
from ref_external_classes
where provider <> lower(trim(provider)) or class <> upper(trim(class))
union all
select
    'bankruptcy_zones' as file,
    model || ' ' || zone as name,
    'the first zone of a model has no limit, every other one a greater limit than the one before'
        as problem,
from zones
where
    (place_no = 1 and at_least is not null)
    or (place_no > 1 and at_least is null)
    or (place_no > 2 and at_least <= limit_before)
union all
select
    'insurance_rules' as file,
    policy_id as name,
    'quota_ratio must be from 0 to 1 and declaration_days 0 or more' as problem,
from ref_insurance_rules
where quota_ratio < 0 or quota_ratio > 1 or declaration_days < 0
union all
select
    'insurance_rules' as file,
    '*' as name,
    'the line of every other policy is missing' as problem,
where not exists (select 1 from ref_insurance_rules where policy_id = '*')
union all
select
    'external_providers' as file,
    '*' as name,
    'the line of every other agency is missing' as problem,
where not exists (select 1 from ref_external_providers where provider = '*')
