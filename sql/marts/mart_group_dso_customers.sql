-- grain: one row per month compared with and customer that bought or owed at either date
-- key: compared_with, counterparty_entity_id, counterparty_id
-- sort: compared_with, rank_no
-- question: Which customers of all entities moved the DSO of the group most?
-- materialized: table
-- columns:
--   entity_id: always group
--   compared_with: month_before or year_before
--   rank_no: rank by the days moved, up or down, from 1
--   counterparty_entity_id: entity whose customer it is
--   counterparty_id: code of the customer; * for all customers of an entity in another currency
--   counterparty_name: name of the customer
--   from_date: end of the month compared with; the other date is the as-of date
--   from_share_ratio: share in the sales of the 365 days up to from_date
--   share_ratio: the same at the as-of date
--   from_receivable_amount: what it owed at from_date, without 416, currency of the group
--   receivable_amount: the same at the as-of date
--   mix_days: change of its share × (its delay at from_date less that of all), days; their
--     sum is the effect mix of the bridge
--   own_days: change of its part of the DSO less what its share brings at its delay of then, days:
--     it pays later (above 0) or earlier
--   moved_days: mix_days + own_days; their sum is the change of the DSO exactly
-- decisions: 31, 48, 50
with

ranks as (
    select * from int_dso_customer_ranks
    where scope_id = 'group'
),

names as (
    select
        entity_id,
        counterparty_id,
        counterparty_name,
    from dim_counterparties
    where side = 'customer'
),

final as (
    select
        ranks.scope_id as entity_id,
        ranks.compared_with,
        ranks.rank_no,
        ranks.counterparty_entity_id,
        ranks.counterparty_id,
        names.counterparty_name,
        ranks.from_date,
        ranks.from_share_ratio,
        ranks.share_ratio,
        ranks.from_receivable_amount,
        ranks.receivable_amount,
        ranks.mix_days,
        ranks.own_days,
        ranks.moved_days,
    from ranks
    left join names
        on names.entity_id = ranks.counterparty_entity_id
        and names.counterparty_id = ranks.counterparty_id
)

select * from final
