-- grain: one row per entity, side, counterparty and month end in which one of its invoices was paid
--   short
-- key: entity_id, side, counterparty_id, month_end_date
-- sort: entity_id, side, counterparty_id, month_end_date
-- question: Who deducts, how, and how much of what is invoiced to them?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   month_end_date: end of the month; the as-of date for the month that holds it
--   invoiced_amount: invoices of the month, without credit notes, including tax, currency of the
--     entity
--   credit_note_amount: short payments closed in the month by a credit note (rebates of 709 among
--     them), currency of the entity
--   discount_amount: by a cash discount (665), currency of the entity
--   write_off_amount: by a write-off (654), currency of the entity
--   deduction_amount: the three together, currency of the entity
--   deduction_count: invoices paid short that were closed in the month
--   deduction_ratio: deduction_amount / invoiced_amount; null without invoices in the month
-- decisions: 15, 45
with

items as not materialized (
    select * from int_items
),

accounts as (
    select * from int_accounts
),

months as (
    select * from int_months
    where is_shown
),

deducted as (
    select
        accounts.counterparty_no,
        months.month_start_date,
        months.month_end_date,
        sum(deductions.credit_note_amount) as credit_note_amount,
        sum(deductions.discount_amount) as discount_amount,
        sum(deductions.write_off_amount) as write_off_amount,
        count(*) as deduction_count,
    from int_deductions as deductions
    inner join accounts on accounts.account_key = deductions.account_key
    inner join months
        on deductions.closed_on >= months.month_start_date
        and deductions.closed_on <= months.month_end_date
    group by all
),

invoiced as (
    select
        accounts.counterparty_no,
        date_trunc('month', items.movement_date) as month_start_date,
        sum(items.amount) as invoiced_amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    cross join params
    where
        items.is_sale
        and items.is_aged
        and items.amount > 0
        and items.movement_date <= params.as_of
        and accounts.counterparty_no in (select counterparty_no from deducted)
    group by all
),

counterparties as (
    select distinct
        entity_id,
        side,
        counterparty_id,
        counterparty_no,
    from accounts
),

final as (
    select
        counterparties.entity_id,
        counterparties.side,
        counterparties.counterparty_id,
        deducted.month_end_date,
        cast(coalesce(invoiced.invoiced_amount, 0) as decimal(18, 2)) as invoiced_amount,
        cast(deducted.credit_note_amount as decimal(18, 2)) as credit_note_amount,
        cast(deducted.discount_amount as decimal(18, 2)) as discount_amount,
        cast(deducted.write_off_amount as decimal(18, 2)) as write_off_amount,
        cast(
            deducted.credit_note_amount + deducted.discount_amount + deducted.write_off_amount
            as decimal(18, 2)
        ) as deduction_amount,
        deducted.deduction_count,
        cast(
            (deducted.credit_note_amount + deducted.discount_amount + deducted.write_off_amount)
            / nullif(invoiced.invoiced_amount, 0) as decimal(12, 6)
        ) as deduction_ratio,
    from deducted
    inner join counterparties on counterparties.counterparty_no = deducted.counterparty_no
    left join invoiced
        on invoiced.counterparty_no = deducted.counterparty_no
        and invoiced.month_start_date = deducted.month_start_date
)

select * from final
