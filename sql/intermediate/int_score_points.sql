-- grain: one row per date of scoring, counterparty and factor of the scorecard
-- key: month_no, counterparty_no, factor
-- question: What is each factor worth, and how many points does it cost?
-- materialized: view
-- columns:
--   month_no: date of scoring, see int_score_months
--   counterparty_no: rank of the counterparty
--   factor: factor of the scorecard
--   factor_value: what it measures; null where it is not known
--   from_value: the range goes from above this value, null: no lower end
--   to_value: up to and including this value, null: no upper end
--   weight: share of the factor in the score
--   range_points: worth of the range, 0 to 100
--   earned_points: weight x range_points / 100; they add up to the score
--   lost_points: weight less earned_points
-- decisions: 54
with

factors as (
    select * from int_score_factors
),

card as (
    select * from ref_scorecard
),

asked as (
    select distinct factor from card
),

measured as (
    select
        factors.month_no,
        factors.counterparty_no,
        asked.factor,
        cast(case asked.factor
            when 'late_12m_days' then factors.late_12m_days
            when 'paid_late_30_12m_ratio' then factors.paid_late_30_12m_ratio
            when 'overdue_ratio' then factors.overdue_ratio
            when 'oldest_overdue_days' then factors.oldest_overdue_days
            when 'trend_days' then factors.trend_days
            when 'external_class' then factors.external_class
            when 'tenure_months' then factors.tenure_months
            when 'incident_count' then factors.incident_count
        end as decimal(12, 4)) as factor_value,
    from factors
    cross join asked
),

-- exactly one range holds a value: see the check scorecard_is_whole
final as (
    select
        measured.month_no,
        measured.counterparty_no,
        measured.factor,
        measured.factor_value,
        card.from_value,
        card.to_value,
        card.weight,
        card.points as range_points,
        cast(card.weight * card.points * 0.01 as decimal(5, 2)) as earned_points,
        cast(card.weight - card.weight * card.points * 0.01 as decimal(5, 2)) as lost_points,
    from measured
    inner join card
        on card.factor = measured.factor
        and (
            (
                measured.factor_value is null
                and card.from_value is null
                and card.to_value is null
            )
            or (
                (card.from_value is not null or card.to_value is not null)
                and (card.from_value is null or measured.factor_value > card.from_value)
                and (card.to_value is null or measured.factor_value <= card.to_value)
            )
        )
)

select * from final
