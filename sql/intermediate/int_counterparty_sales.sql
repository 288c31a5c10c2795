-- grain: one row per counterparty and month before the as-of date in which something was invoiced
-- key: counterparty_no, band_no
-- question: How much was invoiced to a counterparty, month by month back from the as-of date?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   band_no: 0 for the month that ends at the as-of date, 1 for the one before it, and so on to 23
--   sales_amount: invoices less credit notes on the control accounts, tax included; for a supplier
--     purchases
-- decisions: 13, 53
with

settings as (
    select * from params
),

bands as (
    select
        cast(range as integer) as band_no,
        case when settings.as_of = last_day(settings.as_of)
            then last_day(cast(settings.as_of - to_months(cast(range as integer)) as date))
            else cast(settings.as_of - to_months(cast(range as integer)) as date) end as to_date,
        case when settings.as_of = last_day(settings.as_of)
            then last_day(cast(settings.as_of - to_months(cast(range as integer) + 1) as date))
            else cast(settings.as_of - to_months(cast(range as integer) + 1) as date) end
            as after_date,
    from range(24)
    cross join settings
),

-- few different days are left to be put into a month
days as (
    select
        account_key,
        movement_date,
        sum(amount) as sales_amount,
    from int_items
    where is_sale
    group by account_key, movement_date
),

final as (
    select
        accounts.counterparty_no,
        bands.band_no,
        cast(sum(days.sales_amount) as decimal(18, 2)) as sales_amount,
    from days
    inner join bands
        on days.movement_date <= bands.to_date
        and days.movement_date > bands.after_date
    inner join int_accounts as accounts on accounts.account_key = days.account_key
    group by accounts.counterparty_no, bands.band_no
)

select * from final
