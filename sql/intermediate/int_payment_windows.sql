-- grain: one row per date of scoring and counterparty with a payment in the 24 months before it
-- key: month_no, counterparty_no
-- question: How late was a counterparty in the months before a date?
-- materialized: table
-- columns:
--   month_no: date of scoring, see int_score_months
--   counterparty_no: rank of the counterparty
--   paid_amount_3m: cash set against documents in three months
--   late_day_amount_3m: the same x days late, 0 where in time, three months
--   late_amount_3m: part that came late, three months
--   late_30_amount_3m: part that came more than 30 days late, three months
--   max_late_days_3m: latest payment, days; 0 where all came in time, null without a payment,
--     three months
--   paid_count_3m: documents settled in full in three months
--   late_30_count_3m: of these more than 30 days late, three months
--   late_60_count_3m: of these more than 60 days late, three months
--   paid_amount_6m: cash set against documents in six months
--   late_day_amount_6m: the same x days late, 0 where in time, six months
--   late_amount_6m: part that came late, six months
--   late_30_amount_6m: part that came more than 30 days late, six months
--   max_late_days_6m: latest payment, days; 0 where all came in time, null without a payment,
--     six months
--   paid_count_6m: documents settled in full in six months
--   late_30_count_6m: of these more than 30 days late, six months
--   late_60_count_6m: of these more than 60 days late, six months
--   paid_amount_12m: cash set against documents in twelve months
--   late_day_amount_12m: the same x days late, 0 where in time, twelve months
--   late_square_amount_12m: the same x days late x days late, twelve months
--   late_amount_12m: part that came late, twelve months
--   late_30_amount_12m: part that came more than 30 days late, twelve months
--   max_late_days_12m: latest payment, days; 0 where all came in time, null without a payment,
--     twelve months
--   paid_count_12m: documents settled in full in twelve months
--   late_30_count_12m: of these more than 30 days late, twelve months
--   late_60_count_12m: of these more than 60 days late, twelve months
--   paid_amount_24m: cash set against documents in twenty-four months
--   late_day_amount_24m: the same x days late, 0 where in time, twenty-four months
--   late_amount_24m: part that came late, twenty-four months
--   late_30_amount_24m: part that came more than 30 days late, twenty-four months
--   max_late_days_24m: latest payment, days; 0 where all came in time, null without a payment,
--     twenty-four months
--   paid_count_24m: documents settled in full in twenty-four months
--   late_30_count_24m: of these more than 30 days late, twenty-four months
--   late_60_count_24m: of these more than 60 days late, twenty-four months
-- decisions: 53
with

months as (
    select * from int_score_months
),

payments as not materialized (
    select
        *,
        greatest(0, delay_days) as late_days,
    from int_payment_days
),

-- fans out on purpose: a payment lies in the windows of several dates; in each it falls into one of
-- four bands that follow one another
bands as (
    select
        months.month_no,
        payments.counterparty_no,
        case
            when payments.payment_date > months.after_3m then 1
            when payments.payment_date > months.after_6m then 2
            when payments.payment_date > months.after_12m then 3
            else 4
        end as band_no,
        sum(payments.paid_amount) as paid_amount,
        sum(payments.paid_amount * payments.late_days) as late_day_amount,
        sum(payments.paid_amount * payments.late_days * payments.late_days) as late_square_amount,
        sum(payments.paid_amount) filter (where payments.late_days > 0) as late_amount,
        sum(payments.paid_amount) filter (where payments.late_days > 30) as late_30_amount,
        max(payments.late_days) as max_late_days,
        sum(payments.closed_count) as paid_count,
        sum(payments.closed_count) filter (where payments.late_days > 30) as late_30_count,
        sum(payments.closed_count) filter (where payments.late_days > 60) as late_60_count,
    from payments
    inner join months
        on payments.payment_date <= months.score_date
        and payments.payment_date > months.after_24m
    group by all
),

final as (
    select
        month_no,
        counterparty_no,
        cast(coalesce(sum(paid_amount) filter (where band_no <= 1), 0) as decimal(18, 2))
            as paid_amount_3m,
        cast(coalesce(sum(late_day_amount) filter (where band_no <= 1), 0) as decimal(28, 2))
            as late_day_amount_3m,
        cast(coalesce(sum(late_amount) filter (where band_no <= 1), 0) as decimal(18, 2))
            as late_amount_3m,
        cast(coalesce(sum(late_30_amount) filter (where band_no <= 1), 0) as decimal(18, 2))
            as late_30_amount_3m,
        max(max_late_days) filter (where band_no <= 1) as max_late_days_3m,
        cast(coalesce(sum(paid_count) filter (where band_no <= 1), 0) as integer)
            as paid_count_3m,
        cast(coalesce(sum(late_30_count) filter (where band_no <= 1), 0) as integer)
            as late_30_count_3m,
        cast(coalesce(sum(late_60_count) filter (where band_no <= 1), 0) as integer)
            as late_60_count_3m,
        cast(coalesce(sum(paid_amount) filter (where band_no <= 2), 0) as decimal(18, 2))
            as paid_amount_6m,
        cast(coalesce(sum(late_day_amount) filter (where band_no <= 2), 0) as decimal(28, 2))
            as late_day_amount_6m,
        cast(coalesce(sum(late_amount) filter (where band_no <= 2), 0) as decimal(18, 2))
            as late_amount_6m,
        cast(coalesce(sum(late_30_amount) filter (where band_no <= 2), 0) as decimal(18, 2))
            as late_30_amount_6m,
        max(max_late_days) filter (where band_no <= 2) as max_late_days_6m,
        cast(coalesce(sum(paid_count) filter (where band_no <= 2), 0) as integer)
            as paid_count_6m,
        cast(coalesce(sum(late_30_count) filter (where band_no <= 2), 0) as integer)
            as late_30_count_6m,
        cast(coalesce(sum(late_60_count) filter (where band_no <= 2), 0) as integer)
            as late_60_count_6m,
        cast(coalesce(sum(paid_amount) filter (where band_no <= 3), 0) as decimal(18, 2))
            as paid_amount_12m,
        cast(coalesce(sum(late_day_amount) filter (where band_no <= 3), 0) as decimal(28, 2))
            as late_day_amount_12m,
        cast(coalesce(sum(late_square_amount) filter (where band_no <= 3), 0) as decimal(28, 2))
            as late_square_amount_12m,
        cast(coalesce(sum(late_amount) filter (where band_no <= 3), 0) as decimal(18, 2))
            as late_amount_12m,
        cast(coalesce(sum(late_30_amount) filter (where band_no <= 3), 0) as decimal(18, 2))
            as late_30_amount_12m,
        max(max_late_days) filter (where band_no <= 3) as max_late_days_12m,
        cast(coalesce(sum(paid_count) filter (where band_no <= 3), 0) as integer)
            as paid_count_12m,
        cast(coalesce(sum(late_30_count) filter (where band_no <= 3), 0) as integer)
            as late_30_count_12m,
        cast(coalesce(sum(late_60_count) filter (where band_no <= 3), 0) as integer)
            as late_60_count_12m,
        cast(coalesce(sum(paid_amount), 0) as decimal(18, 2))
            as paid_amount_24m,
        cast(coalesce(sum(late_day_amount), 0) as decimal(28, 2))
            as late_day_amount_24m,
        cast(coalesce(sum(late_amount), 0) as decimal(18, 2))
            as late_amount_24m,
        cast(coalesce(sum(late_30_amount), 0) as decimal(18, 2))
            as late_30_amount_24m,
        max(max_late_days) as max_late_days_24m,
        cast(coalesce(sum(paid_count), 0) as integer)
            as paid_count_24m,
        cast(coalesce(sum(late_30_count), 0) as integer)
            as late_30_count_24m,
        cast(coalesce(sum(late_60_count), 0) as integer)
            as late_60_count_24m,
    from bands
    group by month_no, counterparty_no
)

select * from final
