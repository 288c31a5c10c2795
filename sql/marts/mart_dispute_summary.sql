-- grain: one row per entity, month end and reason of which a dispute was raised by then
-- key: entity_id, month_end_date, reason
-- sort: entity_id, month_end_date, reason
-- question: How many disputes come and go, how long do they take, and how old are the open ones?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   month_end_date: end of the month; the as-of date for the month that holds it
--   reason: reason as the extract gives it, in small letters; empty where it gives none
--   opened_count: raised in the month
--   closed_count: settled in the month
--   open_count: open at the end of the month
--   open_weight_amount: disputed amounts of the open ones, those of the documents where none is
--     given, currency of the entity
--   open_0_30_amount: of these, raised 30 days ago or less
--   open_31_60_amount: of these, raised 31 to 60 days ago
--   open_61_90_amount: of these, raised 61 to 90 days ago
--   open_91_plus_amount: of these, raised more than 90 days ago
--   closed_weight_amount: disputed amounts of those settled in the month, currency of the entity
--   cycle_mean_days: mean days from raising to settling of those settled in the month
--   cycle_weighted_days: the same, weighted by amount; null where no amount is known
--   cycle_median_days: median days, weighted by amount: by then half of the amount is settled
-- decisions: 15, 43
with

disputes as (
    select
        *,
        coalesce(lower(trim(reason)), '') as reason_text,
    from int_disputes
    where not is_undated
),

months as (
    select * from int_months
    where is_shown
),

-- fans out on purpose: a dispute stands at each month end from the one after it was raised
at_months as (
    select
        disputes.entity_id,
        disputes.reason_text,
        disputes.dispute_id,
        disputes.weight_amount,
        months.month_end_date,
        disputes.opened_date >= months.month_start_date as is_opened,
        coalesce(disputes.closed_date between months.month_start_date and months.month_end_date,
            false) as is_closed,
        coalesce(disputes.closed_date > months.month_end_date, true) as is_open,
        months.month_end_date - disputes.opened_date as age_days,
        disputes.closed_date - disputes.opened_date as cycle_days,
    from disputes
    inner join months on disputes.opened_date <= months.month_end_date
),

-- amounts of the settled ones, shortest first: the median is where half is reached
halves as (
    select
        entity_id,
        reason_text,
        month_end_date,
        cycle_days,
        2 * sum(weight_amount) over (
            partition by entity_id, reason_text, month_end_date
            order by cycle_days, dispute_id
        ) >= sum(weight_amount) over (
            partition by entity_id, reason_text, month_end_date
        ) as is_half,
    from at_months
    where is_closed and weight_amount > 0
),

medians as (
    select
        entity_id,
        reason_text,
        month_end_date,
        min(cycle_days) as cycle_median_days,
    from halves
    where is_half
    group by entity_id, reason_text, month_end_date
),

summed as (
    select
        entity_id,
        reason_text,
        month_end_date,
        count(*) filter (where is_opened) as opened_count,
        count(*) filter (where is_closed) as closed_count,
        count(*) filter (where is_open) as open_count,
        sum(weight_amount) filter (where is_open) as open_weight_amount,
        sum(weight_amount) filter (where is_open and age_days <= 30) as open_0_30_amount,
        sum(weight_amount) filter (where is_open and age_days between 31 and 60)
            as open_31_60_amount,
        sum(weight_amount) filter (where is_open and age_days between 61 and 90)
            as open_61_90_amount,
        sum(weight_amount) filter (where is_open and age_days > 90) as open_91_plus_amount,
        sum(weight_amount) filter (where is_closed and weight_amount > 0) as closed_weight_amount,
        sum(cycle_days) filter (where is_closed) as cycle_days,
        sum(cycle_days * weight_amount) filter (where is_closed and weight_amount > 0)
            as weighted_days,
    from at_months
    group by entity_id, reason_text, month_end_date
),

final as (
    select
        summed.entity_id,
        summed.month_end_date,
        summed.reason_text as reason,
        summed.opened_count,
        summed.closed_count,
        summed.open_count,
        cast(coalesce(summed.open_weight_amount, 0) as decimal(18, 2)) as open_weight_amount,
        cast(coalesce(summed.open_0_30_amount, 0) as decimal(18, 2)) as open_0_30_amount,
        cast(coalesce(summed.open_31_60_amount, 0) as decimal(18, 2)) as open_31_60_amount,
        cast(coalesce(summed.open_61_90_amount, 0) as decimal(18, 2)) as open_61_90_amount,
        cast(coalesce(summed.open_91_plus_amount, 0) as decimal(18, 2)) as open_91_plus_amount,
        cast(coalesce(summed.closed_weight_amount, 0) as decimal(18, 2)) as closed_weight_amount,
        cast(summed.cycle_days / nullif(summed.closed_count, 0) as decimal(12, 2))
            as cycle_mean_days,
        cast(summed.weighted_days / nullif(summed.closed_weight_amount, 0) as decimal(12, 2))
            as cycle_weighted_days,
        cast(medians.cycle_median_days as integer) as cycle_median_days,
    from summed
    left join medians
        on medians.entity_id = summed.entity_id
        and medians.reason_text = summed.reason_text
        and medians.month_end_date = summed.month_end_date
    where summed.opened_count > 0 or summed.closed_count > 0 or summed.open_count > 0
)

select * from final
