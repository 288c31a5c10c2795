-- severity: fail
-- sentence: The points of the factors do not add up to the score.
with

points as (
    select
        entity_id,
        side,
        counterparty_id,
        sum(earned_points) as earned_points,
        sum(weight) as weight,
    from mart_risk_score_points
    group by entity_id, side, counterparty_id
)

select
    scores.entity_id,
    scores.side,
    scores.counterparty_id,
    scores.score,
    points.earned_points,
    points.weight,
from mart_risk_scores as scores
full join points
    on points.entity_id = scores.entity_id
    and points.side = scores.side
    and points.counterparty_id = scores.counterparty_id
where
    scores.score is distinct from points.earned_points
    or (scores.score is not null and points.weight <> 100)
    or scores.score not between 0 and 100
