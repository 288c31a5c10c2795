-- grain: one row per entity, side and month end in which something was invoiced or deducted
-- key: entity_id, side, month_end_date
-- sort: entity_id, side, month_end_date
-- question: How much of what is invoiced is deducted by those who pay?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   month_end_date: end of the month; the as-of date for the month that holds it
--   invoiced_amount: invoices of the month, without credit notes, including tax, currency of the
--     entity
--   credit_note_amount: short payments closed in the month by a credit note (rebates of 709 among
--     them), currency of the entity
--   discount_amount: by a cash discount (665), currency of the entity
--   write_off_amount: by a write-off (654), currency of the entity
--   deduction_amount: the three together, currency of the entity
--   deduction_count: invoices paid short that were closed in the month
--   deduction_ratio: deduction_amount / invoiced_amount, 0 to 1 as a rule; null without invoices
-- decisions: 15, 45
with

months as (
    select * from int_deduction_months
),

entities as (
    select * from project_entities
),

summed as (
    select
        entities.entity_id,
        months.side,
        months.month_end_date,
        sum(months.invoiced_amount) as invoiced_amount,
        sum(months.credit_note_amount) as credit_note_amount,
        sum(months.discount_amount) as discount_amount,
        sum(months.write_off_amount) as write_off_amount,
        sum(months.credit_note_amount + months.discount_amount + months.write_off_amount)
            as deduction_amount,
        sum(months.deduction_count) as deduction_count,
    from months
    inner join entities on entities.entity_no = months.entity_no
    group by entities.entity_id, months.side, months.month_end_date
),

final as (
    select
        entity_id,
        side,
        month_end_date,
        cast(invoiced_amount as decimal(18, 2)) as invoiced_amount,
        cast(credit_note_amount as decimal(18, 2)) as credit_note_amount,
        cast(discount_amount as decimal(18, 2)) as discount_amount,
        cast(write_off_amount as decimal(18, 2)) as write_off_amount,
        cast(deduction_amount as decimal(18, 2)) as deduction_amount,
        cast(deduction_count as bigint) as deduction_count,
        cast(deduction_amount / nullif(invoiced_amount, 0) as decimal(12, 6)) as deduction_ratio,
    from summed
)

select * from final
