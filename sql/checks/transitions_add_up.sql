-- severity: fail
-- sentence: The shares of a class do not add up to the whole class.
with

transitions as (
    select
        entity_id,
        side,
        span,
        from_class,
        sum(count_ratio) as count_ratio,
    from mart_risk_transitions
    group by entity_id, side, span, from_class
),

scored as (
    select
        entity_id,
        side,
        count(*) as counterparty_count,
    from int_risk_scores
    where month_no = 1
    group by entity_id, side
),

moved as (
    select
        entity_id,
        side,
        sum(counterparty_count) as counterparty_count,
    from mart_risk_transitions
    where span = 'month'
    group by entity_id, side
)

select
    entity_id,
    side,
    span,
    from_class,
    count_ratio as found,
from transitions
where abs(count_ratio - 1) > 0.00001
union all
select
    scored.entity_id,
    scored.side,
    'month' as span,
    null as from_class,
    scored.counterparty_count - coalesce(moved.counterparty_count, 0) as found,
from scored
left join moved
    on moved.entity_id = scored.entity_id
    and moved.side = scored.side
where scored.counterparty_count <> coalesce(moved.counterparty_count, 0)
