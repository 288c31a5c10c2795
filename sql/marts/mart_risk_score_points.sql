-- grain: one row per entity, side, counterparty with a score and factor of the scorecard
-- key: entity_id, side, counterparty_id, factor
-- sort: entity_id, side, counterparty_id, factor_order
-- question: Where does the score of a customer come from, and which points does it lose?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   is_intercompany: belongs to the group, by encours.yaml
--   factor: factor of the scorecard
--   factor_order: rank of the factor by weight
--   label_en: name of the factor, in English
--   label_fr: name of the factor, in French
--   value_unit: days, ratio, class, months or count
--   factor_value: what the factor measures; null where it is not known
--   from_value: its range goes from above this value; null: no lower end
--   to_value: up to and including this value; null: no upper end
--   weight: share of the factor in the score, of 100
--   range_points: worth of the range, 0 to 100
--   earned_points: weight x range_points / 100; the rows of a counterparty add up to its score
--   lost_points: weight less earned_points
--   reason_order: rank by lost_points, from 1; null where nothing is lost
--   reason_en: why points are lost, in English; null where none is lost
--   reason_fr: why points are lost, in French; null where none is lost
-- decisions: 54
with

points as (
    select * from int_score_points
    where month_no = 0
),

scores as (
    select * from int_risk_scores
    where month_no = 0 and score is not null
),

counterparties as (
    select * from dim_counterparties
),

weights as (
    select
        factor,
        row_number() over (order by max(weight) desc, factor) as factor_order,
    from ref_scorecard
    group by factor
),

texts as (
    select * from ref_scorecard_texts
),

-- the value as a sentence says it: 35.2, without a decimal that is zero
worded as (
    select
        points.*,
        texts.label_en,
        texts.label_fr,
        texts.value_unit,
        weights.factor_order,
        case
            when texts.value_unit = 'class'
                then substr('ABCDE', cast(points.factor_value as integer), 1)
            else regexp_replace(cast(cast(
                case when texts.value_unit = 'ratio' then points.factor_value * 100
                    else points.factor_value end as decimal(12, 1)
            ) as varchar), '\.0$', '')
        end as value_text,
        texts.reason_en,
        texts.reason_fr,
        texts.missing_en,
        texts.missing_fr,
    from points
    inner join weights on weights.factor = points.factor
    inner join texts on texts.factor = points.factor
),

final as (
    select
        scores.entity_id,
        scores.side,
        scores.counterparty_id,
        counterparties.is_intercompany,
        worded.factor,
        cast(worded.factor_order as integer) as factor_order,
        worded.label_en,
        worded.label_fr,
        worded.value_unit,
        worded.factor_value,
        worded.from_value,
        worded.to_value,
        worded.weight,
        worded.range_points,
        worded.earned_points,
        worded.lost_points,
        case when worded.lost_points > 0 then cast(row_number() over (
            partition by worded.counterparty_no
            order by worded.lost_points desc, worded.factor_order
        ) as integer) end as reason_order,
        case when worded.lost_points > 0 then coalesce(
            replace(worded.reason_en, '{}', worded.value_text), worded.missing_en
        ) end as reason_en,
        case when worded.lost_points > 0 then coalesce(
            replace(worded.reason_fr, '{}', replace(worded.value_text, '.', ',')),
            worded.missing_fr
        ) end as reason_fr,
    from worded
    inner join scores on scores.counterparty_no = worded.counterparty_no
    inner join counterparties
        on counterparties.entity_id = scores.entity_id
        and counterparties.side = scores.side
        and counterparties.counterparty_id = scores.counterparty_id
)

select * from final
