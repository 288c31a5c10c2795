-- severity: warn
-- sentence: These ratings are of a company that is no customer or supplier, or have neither a
--   class that ref/external_classes.csv knows nor a score. Correct their number or code, or add
--   the class.
with

linked as (
    select
        provider,
        subject_id,
        rating_date,
        bool_or(external_class is not null or external_score is not null) as says_something,
    from int_ratings
    group by provider, subject_id, rating_date
)

select
    ratings.provider,
    ratings.subject_id,
    ratings.rating_date,
    ratings.siren,
    ratings.name,
    ratings.class,
    case
        when linked.provider is null then 'no customer or supplier'
        else 'neither class nor score'
    end as problem,
from stg_agencies__ratings as ratings
left join linked
    on linked.provider = lower(trim(ratings.provider))
    and linked.subject_id = ratings.subject_id
    and linked.rating_date = ratings.rating_date
where linked.provider is null or not linked.says_something
