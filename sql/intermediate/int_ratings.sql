-- grain: one row per counterparty, agency, company and day of a rating
-- key: counterparty_no, provider, subject_id, rating_date
-- question: Which ratings are about a customer or supplier, on one scale?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   provider: the agency, in small letters
--   subject_id: number by which the agency knows the company
--   rating_date: day of the score
--   external_score: score on a scale from 0 to 100, 100 is best; null where the agency gives none
--   external_class: class from A to E; null where the agency gives none
--   link_method: what links it: code, siren or vat; of several the first
--   score_raw: score as the agency gives it
--   scale_min: worst score of the scale of score_raw
--   scale_max: best score of the scale of score_raw
--   class: class as the agency gives it
--   limit_amount: limit that the agency recommends, in limit_currency
--   limit_currency: currency of the limit
--   status: status of the company, in the words of the agency
--   collective_event: collective procedure, in the words of the agency
--   event_date: day of that event
--   report_url: page of the report
-- decisions: 107, 108
with

-- an agency is the same whatever its letters
ratings as (
    select
        * exclude (provider),
        lower(trim(provider)) as provider,
        upper(trim(class)) as class_key,
        case
            when regexp_matches(regexp_replace(siren, '[^0-9]', '', 'g'), '^[0-9]{8,9}$')
                then lpad(regexp_replace(siren, '[^0-9]', '', 'g'), 9, '0')
        end as siren_key,
        nullif(upper(regexp_replace(vat_number, '[^0-9A-Za-z]', '', 'g')), '') as vat_key,
    from stg_agencies__ratings
    qualify row_number() over (
        partition by lower(trim(provider)), subject_id, rating_date
        order by batch_no desc, source_line desc
    ) = 1
),

keys as (
    select * from int_counterparty_keys
),

codes as (
    select * from int_customer_codes
),

vat_numbers as (
    select
        keys.counterparty_no,
        upper(regexp_replace(known.vat_number, '[^0-9A-Za-z]', '', 'g')) as vat_key,
    from stg_erp__counterparties as known
    inner join keys
        on keys.entity_no = known.entity_no
        and keys.side = known.side
        and keys.counterparty_id = known.counterparty_id
    where known.vat_number is not null
),

-- fans out on purpose: a company may be a customer of several entities, and a supplier
links as (
    select
        codes.counterparty_no,
        ratings.provider,
        ratings.subject_id,
        ratings.rating_date,
        'code' as link_method,
        1 as link_no,
    from ratings
    inner join codes
        on codes.counterparty_code = upper(trim(ratings.counterparty_id))
    where ratings.erp_entity_id is null or ratings.erp_entity_id = codes.entity_id
    union all
    select
        identities.counterparty_no,
        ratings.provider,
        ratings.subject_id,
        ratings.rating_date,
        'siren' as link_method,
        2 as link_no,
    from ratings
    inner join int_identities as identities on identities.siren = ratings.siren_key
    union all
    select
        vat_numbers.counterparty_no,
        ratings.provider,
        ratings.subject_id,
        ratings.rating_date,
        'vat' as link_method,
        3 as link_no,
    from ratings
    inner join vat_numbers on vat_numbers.vat_key = ratings.vat_key
),

linked as (
    select
        counterparty_no,
        provider,
        subject_id,
        rating_date,
        min(link_no) as link_no,
    from links
    group by counterparty_no, provider, subject_id, rating_date
),

own_classes as (
    select * from ref_external_classes
    where provider <> '*'
),

any_classes as (
    select * from ref_external_classes
    where provider = '*'
),

-- beyond the ends of its scale a score is at the end
scored as (
    select
        linked.*,
        ratings.* exclude (provider, subject_id, rating_date),
        cast(case
            when ratings.score_100 is not null or (
                ratings.score_raw is not null and ratings.scale_max <> ratings.scale_min
            ) then greatest(0, least(100, coalesce(
                ratings.score_100,
                100 * (ratings.score_raw - ratings.scale_min)
                    / (ratings.scale_max - ratings.scale_min)
            )))
        end as decimal(5, 2)) as external_score,
        case
            when own_classes.class is not null then own_classes.external_class
            else any_classes.external_class
        end as told_class,
        own_classes.class is not null or any_classes.class is not null as is_class_known,
    from linked
    inner join ratings
        on ratings.provider = linked.provider
        and ratings.subject_id = linked.subject_id
        and ratings.rating_date = linked.rating_date
    left join own_classes
        on own_classes.provider = ratings.provider
        and own_classes.class = ratings.class_key
    left join any_classes on any_classes.class = ratings.class_key
),

classes as (
    select
        risk_class,
        from_score,
    from ref_scorecard_classes
    where from_score is not null
),

-- a class that is not listed is that of the score
final as (
    select
        scored.counterparty_no,
        scored.provider,
        scored.subject_id,
        scored.rating_date,
        scored.external_score,
        case when scored.is_class_known then scored.told_class else classes.risk_class end
            as external_class,
        case scored.link_no when 1 then 'code' when 2 then 'siren' else 'vat' end as link_method,
        scored.score_raw,
        scored.scale_min,
        scored.scale_max,
        scored.class,
        scored.limit_amount,
        scored.limit_currency,
        scored.status,
        scored.collective_event,
        scored.event_date,
        scored.report_url,
    from scored
    asof left join classes on scored.external_score >= classes.from_score
)

select * from final
