-- grain: one row per translated entity, side and day with sales to outside or purchases from there
-- key: entity_no, side, flow_date
-- question: What were the sales and purchases of a day worth in the currency of the group?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   side: customer for sales, supplier for purchases
--   flow_date: accounting date, whose rate counts
--   is_rate_missing: no rate of that day or the 7 days before is known: the amounts are null
--   sales_amount: sales, for suppliers purchases, tax included, currency of the group
--   sales_excl_tax_amount: sales, tax excluded, currency of the group; 0 for suppliers
-- decisions: 13, 48
with

entities as (
    select * from int_group_entities
    where is_translated
),

rates as (
    select * from int_group_rates
),

days as (
    select
        entity_id,
        'customer' as side,
        sales_date as flow_date,
        sales_amount,
        sales_excl_tax_amount,
    from int_sales_days
    where not is_intercompany
    union all
    select
        entity_id,
        'supplier' as side,
        purchase_date as flow_date,
        purchase_amount as sales_amount,
        0 as sales_excl_tax_amount,
    from int_purchase_days
    where not is_intercompany
),

-- rounded half away from zero, day by day
valued as (
    select
        entities.entity_no,
        entities.entity_id,
        days.side,
        days.flow_date,
        rates.entity_no is null as is_rate_missing,
        sign(days.sales_amount) * (
            (
                2 * cast(abs(days.sales_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as sales_cents,
        sign(days.sales_excl_tax_amount) * (
            (
                2 * cast(abs(days.sales_excl_tax_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as sales_excl_tax_cents,
    from entities
    inner join days on days.entity_id = entities.entity_id
    cross join params
    left join rates
        on rates.entity_no = entities.entity_no
        and rates.rate_date = days.flow_date
    where days.flow_date <= params.as_of
),

final as (
    select
        entity_no,
        entity_id,
        side,
        flow_date,
        is_rate_missing,
        cast(sales_cents * 0.01 as decimal(18, 2)) as sales_amount,
        cast(sales_excl_tax_cents * 0.01 as decimal(18, 2)) as sales_excl_tax_amount,
    from valued
)

select * from final
