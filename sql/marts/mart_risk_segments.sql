-- grain: one row per entity, side and counterparty that is there at the as-of date or has an order
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: In which segment is each customer or supplier, and what is to be done with it?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   counterparty_name: name; the code where only an order names it
--   is_intercompany: belongs to the group, by encours.yaml
--   siren: SIREN; null where no file of counterparties tells it
--   account_manager: who looks after it; null where no file of counterparties tells it
--   is_strategic: its category is one of ref_strategic_categories
--   risk_class: class of the score, N where there is too little history
--   previous_class: class at the end of the month before; null where it was not there
--   class_change: classes lost since then, negative: gained; null where one of the two is N or not
--     known
--   score: points of the scorecard, 0 to 100; null where there is too little history
--   exposure_band: size beside the others, see int_exposure_bands
--   cumulated_ratio: share of the sizes of the entity and side of it and all larger ones, 0 to 1;
--     null where there is nothing to lose
--   size_amount: what the band is made of: exposure of a customer, purchases of twelve months from
--     a supplier, currency of the entity
--   segment: segment of class and band
--   segment_en: the segment in English
--   segment_fr: the segment in French
--   action_en: what to do, in English
--   action_fr: what to do, in French
--   next_review_date: the as-of date where the class worsened since the end of the month before,
--     else the next of the reviews that follow one another from the day of the account or its first
--     invoice; null where the segment has none
--   reason_1_en: what costs the first most points, in English
--   reason_1_fr: the same in French
--   reason_2_en: what costs the second most points, in English
--   reason_2_fr: the same in French
--   reason_3_en: what costs the third most points, in English
--   reason_3_fr: the same in French
--   exposure_amount: what would be lost, customers only, currency of the entity; null where a rate
--     is missing
--   insured_amount: what a credit insurer would pay of it, currency of the entity
--   net_exposure_amount: exposure less insured_amount, currency of the entity
--   limit_amount: granted limit, else the recommended one, customers only, currency of the entity
--   limit_source: granted or recommended
--   recommended_limit_amount: see mart_risk_limits, currency of the entity
--   utilisation_ratio: exposure / limit; null without a limit above zero
--   open_amount: open items less open credits, currency of the entity
--   overdue_amount: open items past due, currency of the entity
--   overdue_90_amount: open debits more than 90 days past due, customers only, currency of the
--     entity
--   late_12m_days: days late of the cash of twelve months, weighted by amount, days
--   dso_countback_days: days of the newest sales that the open items make, counted back month by
--     month, days; null where nothing was sold in twenty-four months
--   is_countback_floor: the sales of twenty-four months do not exhaust what is open
--   legal_severity: severity of the worst legal event that counts, 0 to 10; null: none
--   override_rule: what is known of the law that made the class worse, null: nothing
--   search_text: code and name, in small letters and without accents
-- decisions: 53, 54, 60, 61
with

settings as (
    select * from params
),

bands as (
    select * from int_exposure_bands
),

segments as (
    select * from ref_segments
),

counterparties as (
    select * from dim_counterparties
),

scores as (
    select * from mart_risk_scores
),

limits as (
    select * from mart_risk_limits
),

behaviour as (
    select * from mart_payment_behaviour
),

exposures as (
    select 'customer' as side, * from int_exposures
),

entities as (
    select * from project_entities
),

strategic as (
    select distinct lower(category) as category
    from ref_strategic_categories
),

-- a supplier of the category is strategic as well
known as (
    select
        known.entity_no,
        known.side,
        known.counterparty_id,
        strategic.category is not null as is_strategic,
    from stg_erp__counterparties as known
    left join strategic on strategic.category = lower(trim(known.category))
),

-- months of sales back from the as-of date, as far as what is open reaches
sold as (
    select
        counterparty_no,
        band_no,
        sales_amount,
        sum(sales_amount) over (
            partition by counterparty_no order by band_no
            rows between unbounded preceding and current row
        ) as cumulated_amount,
    from int_counterparty_sales
    where sales_amount > 0
),

open_amounts as (
    select
        counterparty_no,
        greatest(0, gross_amount + credit_amount) as open_amount,
    from int_score_balances
    where month_no = 0
),

countbacks as (
    select
        sold.counterparty_no,
        cast(sum(
            30 * greatest(0, least(
                sold.sales_amount,
                coalesce(open_amounts.open_amount, 0) - (sold.cumulated_amount - sold.sales_amount)
            )) / sold.sales_amount
        ) as decimal(9, 2)) as dso_countback_days,
        coalesce(max(open_amounts.open_amount), 0) > max(sold.cumulated_amount)
            as is_countback_floor,
    from sold
    left join open_amounts on open_amounts.counterparty_no = sold.counterparty_no
    group by sold.counterparty_no
),

joined as (
    select
        bands.*,
        settings.as_of,
        coalesce(counterparties.counterparty_name, bands.counterparty_id) as counterparty_name,
        coalesce(counterparties.is_intercompany, false) as is_intercompany,
        counterparties.siren,
        counterparties.account_manager,
        coalesce(known.is_strategic, false) as is_strategic,
        scores.previous_class,
        scores.class_change,
        scores.score,
        segments.segment_en,
        segments.segment_fr,
        segments.action_en,
        segments.action_fr,
        segments.review_months,
        coalesce(
            case when behaviour.opened_date <= settings.as_of then behaviour.opened_date end,
            behaviour.first_invoice_date
        ) as review_anchor_date,
        scores.reason_1_en,
        scores.reason_1_fr,
        scores.reason_2_en,
        scores.reason_2_fr,
        scores.reason_3_en,
        scores.reason_3_fr,
        limits.exposure_amount,
        limits.insured_amount,
        limits.net_exposure_amount,
        limits.limit_amount,
        limits.limit_source,
        limits.recommended_limit_amount,
        limits.utilisation_ratio,
        coalesce(scores.open_amount, 0) as open_amount,
        coalesce(scores.overdue_amount, 0) as overdue_amount,
        case when bands.side = 'customer' then coalesce(exposures.overdue_90_amount, 0) end
            as overdue_90_amount,
        behaviour.late_12m_days,
        countbacks.dso_countback_days,
        coalesce(countbacks.is_countback_floor, false) as is_countback_floor,
        scores.legal_severity,
        scores.override_rule,
    from bands
    cross join settings
    inner join entities on entities.entity_id = bands.entity_id
    left join segments
        on segments.risk_class = bands.risk_class
        and segments.exposure_band = bands.exposure_band
    left join counterparties
        on counterparties.entity_id = bands.entity_id
        and counterparties.side = bands.side
        and counterparties.counterparty_id = bands.counterparty_id
    left join known
        on known.entity_no = entities.entity_no
        and known.side = bands.side
        and known.counterparty_id = bands.counterparty_id
    left join scores
        on scores.entity_id = bands.entity_id
        and scores.side = bands.side
        and scores.counterparty_id = bands.counterparty_id
    left join limits
        on limits.entity_id = bands.entity_id
        and limits.side = bands.side
        and limits.counterparty_id = bands.counterparty_id
    left join behaviour
        on behaviour.entity_id = bands.entity_id
        and behaviour.side = bands.side
        and behaviour.counterparty_id = bands.counterparty_id
    left join exposures
        on exposures.side = bands.side
        and exposures.entity_id = bands.entity_id
        and exposures.counterparty_id = bands.counterparty_id
    left join countbacks on countbacks.counterparty_no = bands.counterparty_no
),

-- reviews follow one another from a day that does not move
reviewed as (
    select
        *,
        case when review_months > 0 and review_anchor_date is not null then
            review_months * (1 + date_sub('month', review_anchor_date, as_of) // review_months)
        end as review_in_months,
    from joined
),

final as (
    select
        entity_id,
        side,
        counterparty_id,
        counterparty_name,
        is_intercompany,
        siren,
        account_manager,
        is_strategic,
        risk_class,
        previous_class,
        class_change,
        score,
        exposure_band,
        cumulated_ratio,
        size_amount,
        segment,
        segment_en,
        segment_fr,
        action_en,
        action_fr,
        case
            when class_change > 0 then as_of
            when review_in_months is not null then
                cast(review_anchor_date + to_months(cast(review_in_months as integer)) as date)
        end as next_review_date,
        reason_1_en,
        reason_1_fr,
        reason_2_en,
        reason_2_fr,
        reason_3_en,
        reason_3_fr,
        exposure_amount,
        insured_amount,
        net_exposure_amount,
        limit_amount,
        limit_source,
        recommended_limit_amount,
        utilisation_ratio,
        cast(open_amount as decimal(18, 2)) as open_amount,
        cast(overdue_amount as decimal(18, 2)) as overdue_amount,
        cast(overdue_90_amount as decimal(18, 2)) as overdue_90_amount,
        late_12m_days,
        dso_countback_days,
        is_countback_floor,
        legal_severity,
        override_rule,
        lower(strip_accents(counterparty_id || ' | ' || counterparty_name)) as search_text,
    from reviewed
)

select * from final
