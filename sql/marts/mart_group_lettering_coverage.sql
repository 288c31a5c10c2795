-- grain: one row per side that had credits
-- key: side
-- sort: side
-- question: The same for the group, without what its entities pay one another?
-- materialized: table
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   credit_amount: payments, credit notes and other credits of the month of the as-of date and the
--     eleven before it, positive, currency of the group
--   lettered_amount: what of them is allocated to documents at the as-of date; first in first out
--     does not count, currency of the group
--   lettering_coverage_ratio: lettered_amount / credit_amount, 0 to 1
-- decisions: 30, 48
with

lettering as (
    select * from int_lettering_months
    where month_no = 0 and not is_intercompany
),

members as (
    select * from int_group_entities
),

rates as (
    select int_group_rates.*
    from int_group_rates
    inner join params on params.as_of = int_group_rates.rate_date
),

home as (
    select
        lettering.side,
        lettering.credit_amount,
        lettering.lettered_amount,
    from lettering
    inner join members on members.entity_id = lettering.entity_id
    where members.is_home
),

-- one rate for both, so that the ratio is no matter of rates
translated as (
    select
        lettering.side,
        sign(lettering.credit_amount) * (
            (
                2 * cast(abs(lettering.credit_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as credit_cents,
        sign(lettering.lettered_amount) * (
            (
                2 * cast(abs(lettering.lettered_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as lettered_cents,
    from lettering
    inner join rates on rates.entity_id = lettering.entity_id
),

parts as (
    select
        side,
        credit_amount,
        lettered_amount,
    from home
    union all
    select
        side,
        cast(credit_cents * 0.01 as decimal(18, 2)) as credit_amount,
        cast(lettered_cents * 0.01 as decimal(18, 2)) as lettered_amount,
    from translated
),

-- where a rate is missing nothing is told
final as (
    select
        'group' as entity_id,
        side,
        cast(sum(credit_amount) as decimal(18, 2)) as credit_amount,
        cast(sum(lettered_amount) as decimal(18, 2)) as lettered_amount,
        cast(sum(lettered_amount) / nullif(sum(credit_amount), 0) as decimal(9, 6))
            as lettering_coverage_ratio,
    from parts
    where not exists (
        select 1
        from int_group_missing_rates as missing
        inner join params on params.as_of = missing.missing_date
        where missing.is_month_end
    )
    group by side
)

select * from final
