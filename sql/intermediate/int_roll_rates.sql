-- grain: one row per entity, or for the group, side and step of 30 days overdue
-- key: scope_id, side, roll_no
-- question: What part of each step rolls into the next one in a month, and what is lost in the end?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group for the sum of the entities without intercompany
--   side: customer or supplier
--   roll_no: step of 30 days overdue, 0 to 7
--   from_bucket: the step
--   to_bucket: the next step; null for the last one
--   month_count: months of the average, those in which the step held something
--   roll_ratio: mean of the monthly ratios, at most 1, not rounded; null where month_count is 0
--   loss_ratio: product of the roll ratios from this step on x the loss given default, not
--     rounded; null where a step has no experience, and for a side without a loss given default
-- decisions: 34
with

steps as (
    select * from int_roll_steps
),

names as (
    select unnest([
        {'roll_no': 0, 'bucket': 'not_due'},
        {'roll_no': 1, 'bucket': '1-30'},
        {'roll_no': 2, 'bucket': '31-60'},
        {'roll_no': 3, 'bucket': '61-90'},
        {'roll_no': 4, 'bucket': '91-120'},
        {'roll_no': 5, 'bucket': '121-150'},
        {'roll_no': 6, 'bucket': '151-180'},
        {'roll_no': 7, 'bucket': '181+'}
    ], recursive := true)
),

defaults as (
    select * from ref_loss_given_default
),

means as (
    select
        scope_id,
        side,
        roll_no,
        count(roll_ratio) as month_count,
        least(1, sum(roll_ratio) / count(roll_ratio)) as roll_ratio,
    from steps
    where roll_ratio is not null
    group by scope_id, side, roll_no
),

across as (
    select
        steps.scope_id,
        steps.side,
        max(means.roll_ratio) filter (where means.roll_no = 0) as roll_0,
        max(means.roll_ratio) filter (where means.roll_no = 1) as roll_1,
        max(means.roll_ratio) filter (where means.roll_no = 2) as roll_2,
        max(means.roll_ratio) filter (where means.roll_no = 3) as roll_3,
        max(means.roll_ratio) filter (where means.roll_no = 4) as roll_4,
        max(means.roll_ratio) filter (where means.roll_no = 5) as roll_5,
        max(means.roll_ratio) filter (where means.roll_no = 6) as roll_6,
    from (select distinct scope_id, side from steps) as steps
    left join means
        on means.scope_id = steps.scope_id
        and means.side = steps.side
    group by steps.scope_id, steps.side
),

-- a step of which nothing rolls ends the loss, whatever is not known of the others
losses as (
    select
        across.scope_id,
        across.side,
        cast(defaults.lgd_ratio as double) as loss_7,
        case when roll_6 = 0 or loss_7 = 0 then 0 else roll_6 * loss_7 end as loss_6,
        case when roll_5 = 0 or loss_6 = 0 then 0 else roll_5 * loss_6 end as loss_5,
        case when roll_4 = 0 or loss_5 = 0 then 0 else roll_4 * loss_5 end as loss_4,
        case when roll_3 = 0 or loss_4 = 0 then 0 else roll_3 * loss_4 end as loss_3,
        case when roll_2 = 0 or loss_3 = 0 then 0 else roll_2 * loss_3 end as loss_2,
        case when roll_1 = 0 or loss_2 = 0 then 0 else roll_1 * loss_2 end as loss_1,
        case when roll_0 = 0 or loss_1 = 0 then 0 else roll_0 * loss_1 end as loss_0,
    from across
    left join defaults on defaults.side = across.side
),

final as (
    select
        losses.scope_id,
        losses.side,
        names.roll_no,
        names.bucket as from_bucket,
        following.bucket as to_bucket,
        coalesce(means.month_count, 0) as month_count,
        means.roll_ratio,
        case
            when losses.loss_7 is null then null
            else [loss_0, loss_1, loss_2, loss_3, loss_4, loss_5, loss_6, loss_7][names.roll_no + 1]
        end as loss_ratio,
    from losses
    cross join names
    left join names as following on following.roll_no = names.roll_no + 1
    left join means
        on means.scope_id = losses.scope_id
        and means.side = losses.side
        and means.roll_no = names.roll_no
)

select * from final
