-- grain: one row per translated entity and day of which a rate is needed and missing
-- key: entity_no, missing_date
-- question: Which exchange rates do the figures of the group lack?
-- materialized: view
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   currency: currency of its ledger
--   missing_date: month end or day of sales or purchases; no rate of the 7 days before either
--   is_month_end: balances of that day are needed
-- decisions: 46, 48
with

entities as (
    select
        members.entity_no,
        members.entity_id,
        members.currency,
        int_entities.first_date,
    from int_group_entities as members
    inner join int_entities on int_entities.entity_no = members.entity_no
    where members.is_translated
),

rates as (
    select * from int_group_rates
),

needed as (
    select
        entities.entity_no,
        months.month_end_date as needed_date,
        true as is_month_end,
    from entities
    inner join int_months as months
        on months.is_shown
        and months.month_end_date >= entities.first_date
    union all
    select
        entity_no,
        flow_date as needed_date,
        false as is_month_end,
    from int_group_flow_days
    where is_rate_missing
),

days as (
    select
        entity_no,
        needed_date,
        bool_or(is_month_end) as is_month_end,
    from needed
    group by entity_no, needed_date
),

final as (
    select
        entities.entity_no,
        entities.entity_id,
        entities.currency,
        days.needed_date as missing_date,
        days.is_month_end,
    from days
    inner join entities on entities.entity_no = days.entity_no
    left join rates
        on rates.entity_no = days.entity_no
        and rates.rate_date = days.needed_date
    where rates.entity_no is null
)

select * from final
