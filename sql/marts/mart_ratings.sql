-- grain: one row per counterparty, agency, company and day of a rating up to the as-of date
-- key: entity_id, side, counterparty_id, provider, subject_id, rating_date
-- sort: entity_id, side, counterparty_id, rating_date
-- question: What did rating agencies say of a customer or supplier, and when?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   provider: the agency
--   subject_id: number by which the agency knows the company
--   rating_date: day of the rating
--   external_score: score on a scale from 0 to 100, 100 is best; null where the agency gives none
--   external_class: class from A to E; null where the agency gives none
--   score_raw: score as the agency gives it
--   scale_min: worst score of its scale
--   scale_max: best score of its scale
--   agency_class: class as the agency gives it
--   recommended_amount: limit that the agency recommends, in currency
--   currency: currency of recommended_amount
--   status: status of the company, in the words of the agency
--   collective_event: collective procedure, in the words of the agency
--   event_date: day of that event
--   report_url: page of the report
--   link_method: what links it to the counterparty: code, siren or vat
--   is_latest: no later rating of the agency is there
--   is_counted: it feeds the score at the as-of date
-- decisions: 107, 108
with

settings as (
    select * from params
),

counted as (
    select
        scores.entity_id,
        scores.side,
        scores.counterparty_id,
        arg_max(scores.provider, (scores.rating_date, scores.provider)) as provider,
    from int_external_scores as scores
    cross join settings
    where scores.rating_date <= settings.as_of
    group by scores.entity_id, scores.side, scores.counterparty_id
),

ratings as (
    select
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        ratings.* exclude (counterparty_no),
        row_number() over (
            partition by ratings.counterparty_no, ratings.provider
            order by
                ratings.rating_date desc,
                ratings.external_class desc nulls last,
                ratings.external_score,
                ratings.subject_id
        ) as place_no,
    from int_ratings as ratings
    cross join settings
    inner join int_counterparty_keys as keys on keys.counterparty_no = ratings.counterparty_no
    where ratings.rating_date <= settings.as_of
),

final as (
    select
        ratings.entity_id,
        ratings.side,
        ratings.counterparty_id,
        ratings.provider,
        ratings.subject_id,
        ratings.rating_date,
        ratings.external_score,
        ratings.external_class,
        ratings.score_raw,
        ratings.scale_min,
        ratings.scale_max,
        ratings.class as agency_class,
        ratings.limit_amount as recommended_amount,
        ratings.limit_currency as currency,
        ratings.status,
        ratings.collective_event,
        ratings.event_date,
        ratings.report_url,
        ratings.link_method,
        ratings.place_no = 1 as is_latest,
        ratings.place_no = 1 and counted.provider is not null as is_counted,
    from ratings
    left join counted
        on counted.entity_id = ratings.entity_id
        and counted.side = ratings.side
        and counted.counterparty_id = ratings.counterparty_id
        and counted.provider = ratings.provider
)

select * from final
