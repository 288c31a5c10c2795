-- grain: one row per entity, side, whether the counterparty belongs to the group, and month
-- key: entity_no, side, is_intercompany, month_no
-- question: What was invoiced each month, and what was deducted from what was paid?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   side: customer or supplier
--   is_intercompany: the counterparty belongs to the group
--   month_no: month, see int_months
--   month_end_date: end of the month; the as-of date for the month that holds it
--   invoiced_amount: invoices, without credit notes, including tax
--   credit_note_amount: short payments closed in the month by credit notes
--   discount_amount: by cash discounts
--   write_off_amount: by write-offs
--   deduction_count: invoices paid short that were closed in the month
-- decisions: 15, 45
with

items as not materialized (
    select * from int_items
    where is_sale and is_aged and amount > 0
),

deductions as (
    select * from int_deductions
),

accounts as (
    select * from int_accounts
),

months as (
    select * from int_months
    where is_shown
),

-- first to days: a join by the range of a month would be one per invoice
invoiced_days as (
    select
        accounts.entity_no,
        accounts.side,
        accounts.is_intercompany,
        items.movement_date,
        sum(items.amount) as invoiced_amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    group by all
),

events as (
    select
        entity_no,
        side,
        is_intercompany,
        movement_date as event_date,
        invoiced_amount,
        0 as credit_note_amount,
        0 as discount_amount,
        0 as write_off_amount,
        0 as deduction_count,
    from invoiced_days
    union all
    select
        accounts.entity_no,
        accounts.side,
        accounts.is_intercompany,
        deductions.closed_on as event_date,
        0 as invoiced_amount,
        sum(deductions.credit_note_amount) as credit_note_amount,
        sum(deductions.discount_amount) as discount_amount,
        sum(deductions.write_off_amount) as write_off_amount,
        count(*) as deduction_count,
    from deductions
    inner join accounts on accounts.account_key = deductions.account_key
    group by all
),

final as (
    select
        events.entity_no,
        events.side,
        events.is_intercompany,
        months.month_no,
        months.month_end_date,
        cast(sum(events.invoiced_amount) as decimal(18, 2)) as invoiced_amount,
        cast(sum(events.credit_note_amount) as decimal(18, 2)) as credit_note_amount,
        cast(sum(events.discount_amount) as decimal(18, 2)) as discount_amount,
        cast(sum(events.write_off_amount) as decimal(18, 2)) as write_off_amount,
        cast(sum(events.deduction_count) as bigint) as deduction_count,
    from events
    inner join months
        on events.event_date >= months.month_start_date
        and events.event_date <= months.month_end_date
    group by all
)

select * from final
