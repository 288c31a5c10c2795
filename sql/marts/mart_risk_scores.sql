-- grain: one row per entity, side and counterparty that has an item at the as-of date
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: How likely is each customer to pay late, why, and is it getting worse?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   counterparty_name: name of the customer or supplier
--   is_intercompany: belongs to the group, by encours.yaml
--   paid_count: paid documents within the history that counts
--   score: points of the scorecard, 0 to 100, 100 is best; null where there is too little history
--   risk_class: A (best) to E; N where there is too little history
--   class_before_overrides: class of the score alone
--   override_rule: what is known of the law that made the class worse, null: nothing
--   policy_class: class whose rules apply: that of N is set in ref_scorecard_classes
--   previous_date: end of the month before the as-of date
--   previous_score: score at that date; null where there was none
--   previous_class: class at that date; null where it was not there, or the date is not loaded
--   class_change: classes lost since then, negative: gained; null where one of the two is N or not
--     known
--   reason_1: factor that costs the first most points, null: none; for class N too_little_history
--   reason_1_value: its value
--   reason_1_points: points that it costs
--   reason_1_en: the reason in English
--   reason_1_fr: the reason in French
--   reason_2: factor that costs the second most points, null: none; for class N too_little_history
--   reason_2_value: its value
--   reason_2_points: points that it costs
--   reason_2_en: the reason in English
--   reason_2_fr: the reason in French
--   reason_3: factor that costs the third most points, null: none; for class N too_little_history
--   reason_3_value: its value
--   reason_3_points: points that it costs
--   reason_3_en: the reason in English
--   reason_3_fr: the reason in French
--   external_score: latest score of an agency, 0 to 100; null: none
--   external_class: its class, A to E; null: none
--   legal_severity: severity of the worst legal event that counts, 0 to 10; null: none
--   open_amount: open items less open credits, currency of the entity
--   overdue_amount: open items past due in the direction of the side, currency of the entity
--   exposure_amount: what would be lost, see mart_exposure; customers only, currency of the entity
--   insured_amount: what a credit insurer would pay of it, see mart_risk_limits; customers only,
--     currency of the entity
--   recommended_limit_amount: credit limit by the rules, see mart_risk_limits; customers only,
--     currency of the entity
--   decision: standing decision about an order on account, see mart_credit_decisions; customers
--     only
--   decision_rule: name of the rule that decides; customers only
--   search_text: code and name, in small letters and without accents
-- decisions: 53, 54, 55, 60, 70
with

settings as (
    select * from params
),

scores as (
    select * from int_risk_scores
    where month_no = 0
),

previous as (
    select * from int_risk_scores
    where month_no = 1
),

previous_months as (
    select max(score_date) as previous_date from int_score_months
    where month_no = 1
),

counterparties as (
    select * from dim_counterparties
),

texts as (
    select * from ref_scorecard_texts
    where factor = 'too_little_history'
),

reasons as (
    select
        entity_id,
        side,
        counterparty_id,
        max(factor) filter (where reason_order = 1) as reason_1,
        max(factor_value) filter (where reason_order = 1) as reason_1_value,
        max(lost_points) filter (where reason_order = 1) as reason_1_points,
        max(reason_en) filter (where reason_order = 1) as reason_1_en,
        max(reason_fr) filter (where reason_order = 1) as reason_1_fr,
        max(factor) filter (where reason_order = 2) as reason_2,
        max(factor_value) filter (where reason_order = 2) as reason_2_value,
        max(lost_points) filter (where reason_order = 2) as reason_2_points,
        max(reason_en) filter (where reason_order = 2) as reason_2_en,
        max(reason_fr) filter (where reason_order = 2) as reason_2_fr,
        max(factor) filter (where reason_order = 3) as reason_3,
        max(factor_value) filter (where reason_order = 3) as reason_3_value,
        max(lost_points) filter (where reason_order = 3) as reason_3_points,
        max(reason_en) filter (where reason_order = 3) as reason_3_en,
        max(reason_fr) filter (where reason_order = 3) as reason_3_fr,
    from mart_risk_score_points
    where reason_order <= 3
    group by entity_id, side, counterparty_id
),

ratings as (
    select
        scores.entity_id,
        scores.side,
        scores.counterparty_id,
        arg_max(scores, (scores.rating_date, scores.external_class)) as rating,
    from int_external_scores as scores
    cross join settings
    where scores.rating_date <= settings.as_of
    group by scores.entity_id, scores.side, scores.counterparty_id
),

balances as (
    select * from int_score_balances
    where month_no = 0
),

exposures as (
    select * from mart_exposure
),

limits as (
    select * from mart_risk_limits
),

decisions as (
    select * from mart_credit_decisions
),

final as (
    select
        scores.entity_id,
        scores.side,
        scores.counterparty_id,
        counterparties.counterparty_name,
        counterparties.is_intercompany,
        scores.paid_count,
        scores.score,
        scores.risk_class,
        scores.class_before_overrides,
        scores.override_rule,
        scores.policy_class,
        previous_months.previous_date,
        previous.score as previous_score,
        previous.risk_class as previous_class,
        case when scores.risk_class <> 'N' and previous.risk_class <> 'N'
            then strpos('ABCDE', scores.risk_class) - strpos('ABCDE', previous.risk_class)
        end as class_change,
        case when scores.score is null then 'too_little_history' else reasons.reason_1 end
            as reason_1,
        case when scores.score is null then cast(scores.paid_count as decimal(12, 4))
            else reasons.reason_1_value end as reason_1_value,
        reasons.reason_1_points,
        case when scores.score is not null then reasons.reason_1_en
            when scores.paid_count > 0
                then replace(texts.reason_en, '{}', cast(scores.paid_count as varchar))
            else texts.missing_en end as reason_1_en,
        case when scores.score is not null then reasons.reason_1_fr
            when scores.paid_count > 0
                then replace(texts.reason_fr, '{}', cast(scores.paid_count as varchar))
            else texts.missing_fr end as reason_1_fr,
        reasons.reason_2,
        reasons.reason_2_value,
        reasons.reason_2_points,
        reasons.reason_2_en,
        reasons.reason_2_fr,
        reasons.reason_3,
        reasons.reason_3_value,
        reasons.reason_3_points,
        reasons.reason_3_en,
        reasons.reason_3_fr,
        ratings.rating.external_score as external_score,
        ratings.rating.external_class as external_class,
        scores.legal_severity,
        cast(coalesce(balances.gross_amount + balances.credit_amount, 0) as decimal(18, 2))
            as open_amount,
        cast(coalesce(balances.overdue_amount, 0) as decimal(18, 2)) as overdue_amount,
        exposures.exposure_amount,
        limits.insured_amount,
        limits.recommended_limit_amount,
        decisions.decision,
        decisions.decision_rule,
        lower(strip_accents(
            scores.counterparty_id || ' | ' || counterparties.counterparty_name
        )) as search_text,
    from scores
    cross join previous_months
    cross join texts
    inner join counterparties
        on counterparties.entity_id = scores.entity_id
        and counterparties.side = scores.side
        and counterparties.counterparty_id = scores.counterparty_id
    left join previous on previous.counterparty_no = scores.counterparty_no
    left join reasons
        on reasons.entity_id = scores.entity_id
        and reasons.side = scores.side
        and reasons.counterparty_id = scores.counterparty_id
    left join ratings
        on ratings.entity_id = scores.entity_id
        and ratings.side = scores.side
        and ratings.counterparty_id = scores.counterparty_id
    left join balances on balances.counterparty_no = scores.counterparty_no
    left join exposures
        on exposures.entity_id = scores.entity_id
        and exposures.side = scores.side
        and exposures.counterparty_id = scores.counterparty_id
    left join limits
        on limits.entity_id = scores.entity_id
        and limits.side = scores.side
        and limits.counterparty_id = scores.counterparty_id
    left join decisions
        on decisions.entity_id = scores.entity_id
        and decisions.side = scores.side
        and decisions.counterparty_id = scores.counterparty_id
)

select * from final
