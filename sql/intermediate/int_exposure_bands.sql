-- grain: one row per entity, side and counterparty that is there at the as-of date or has an order
-- key: entity_id, side, counterparty_id
-- question: How large is a counterparty beside the others, and in which segment does that put it?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   counterparty_no: its rank; null where only an order names it
--   risk_class: class of the score, N where there is too little history
--   policy_class: class whose rules apply to it
--   size_amount: exposure of a customer, without orders that have no rate; purchases of twelve
--     months from a supplier
--   cumulated_ratio: share of the sizes above zero of the entity and side that this counterparty
--     and all larger ones make, 0 to 1; null for a size of zero or less
--   exposure_band: band of that share
--   segment: segment of the class and the band
-- decisions: 61
with

scores as (
    select * from int_risk_scores
    where month_no = 0
),

unrated as (
    select
        max(risk_class) as risk_class,
        max(policy_class) as policy_class,
    from ref_scorecard_classes
    where from_score is null
),

exposures as (
    select
        entity_id,
        'customer' as side,
        counterparty_id,
        receivable_amount + bills_amount + unbilled_amount + coalesce(orders_amount, 0)
        + deposits_amount + credit_amount as size_amount,
    from int_exposures
),

purchases as (
    select
        counterparty_no,
        sum(sales_amount) as size_amount,
    from int_counterparty_sales
    where band_no < 12
    group by counterparty_no
),

sized as (
    select
        coalesce(scores.entity_id, exposures.entity_id) as entity_id,
        coalesce(scores.side, exposures.side) as side,
        coalesce(scores.counterparty_id, exposures.counterparty_id) as counterparty_id,
        scores.counterparty_no,
        coalesce(scores.risk_class, unrated.risk_class) as risk_class,
        coalesce(scores.policy_class, unrated.policy_class) as policy_class,
        coalesce(
            case when scores.side = 'supplier' then purchases.size_amount
                else exposures.size_amount end, 0
        ) as size_amount,
    from scores
    full join exposures
        on exposures.entity_id = scores.entity_id
        and exposures.side = scores.side
        and exposures.counterparty_id = scores.counterparty_id
    left join purchases on purchases.counterparty_no = scores.counterparty_no
    cross join unrated
),

-- the share before a counterparty decides: the largest one is in the first band, however large
cumulated as (
    select
        *,
        sum(greatest(size_amount, 0)) over (
            partition by entity_id, side
            order by size_amount desc, counterparty_id
            rows between unbounded preceding and current row
        ) as cumulated_amount,
        sum(greatest(size_amount, 0)) over (partition by entity_id, side) as whole_amount,
    from sized
),

bands as (
    select
        exposure_band,
        coalesce(lag(to_percent) over (order by to_percent nulls last), 0) as from_percent,
        to_percent,
    from ref_exposure_bands
),

last_bands as (
    select max(exposure_band) as exposure_band
    from bands
    where to_percent is null
),

banded as (
    select
        cumulated.*,
        coalesce(bands.exposure_band, last_bands.exposure_band) as exposure_band,
    from cumulated
    cross join last_bands
    left join bands
        on cumulated.size_amount > 0
        and (cumulated.cumulated_amount - cumulated.size_amount) * 100
            >= bands.from_percent * cumulated.whole_amount
        and (
            bands.to_percent is null
            or (cumulated.cumulated_amount - cumulated.size_amount) * 100
                < bands.to_percent * cumulated.whole_amount
        )
),

final as (
    select
        banded.entity_id,
        banded.side,
        banded.counterparty_id,
        banded.counterparty_no,
        banded.risk_class,
        banded.policy_class,
        cast(banded.size_amount as decimal(18, 2)) as size_amount,
        cast(case when banded.size_amount > 0
            then banded.cumulated_amount / banded.whole_amount end as decimal(9, 6))
            as cumulated_ratio,
        banded.exposure_band,
        segments.segment,
    from banded
    left join ref_segments as segments
        on segments.risk_class = banded.risk_class
        and segments.exposure_band = banded.exposure_band
)

select * from final
