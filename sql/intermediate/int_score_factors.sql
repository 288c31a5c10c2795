-- grain: one row per date of scoring and counterparty that is there at that date
-- key: month_no, counterparty_no
-- question: What do the factors of the scorecard measure?
-- materialized: table
-- columns:
--   month_no: date of scoring, see int_score_months
--   counterparty_no: rank of the counterparty
--   paid_count: documents settled in full by cash, in part at least, within the history that counts
--   late_12m_days: days late of twelve months, 0 where in time, weighted by amount; null without a
--     payment
--   paid_late_30_12m_ratio: share of what was paid in twelve months that came more than 30 days
--     late,
--     0 to 1
--   overdue_ratio: overdue / open items in the direction of the side; null where nothing is open
--   oldest_overdue_days: days overdue of the oldest overdue item; null where nothing is open
--   trend_days: days late of three months less those of twelve; null without a payment in three
--     months
--   external_class: external score, 1 (A) to 5 (E); null where there is none
--   tenure_months: whole months since the account was opened; null where no file tells it
--   incident_count: broken promises and returned payments of twelve months; null where there was no
--     payment and no promise to judge
-- decisions: 53
with

months as (
    select * from int_score_months
),

keys as (
    select * from int_counterparty_keys
),

firsts as (
    select * from int_first_movements
),

windows as (
    select * from int_payment_windows
),

balances as (
    select * from int_score_balances
),

incidents as (
    select * from int_payment_incidents
),

known as (
    select * from stg_erp__counterparties
),

rules as (
    select max(value) filter (where rule = 'history_months') as history_months
    from ref_scorecard_rules
),

-- the latest rating by then
ratings as (
    select
        months.month_no,
        keys.counterparty_no,
        arg_max(
            scores.external_class, (scores.rating_date, scores.external_class)
        ) as external_class,
    from int_external_scores as scores
    inner join months on months.score_date >= scores.rating_date
    inner join keys
        on keys.entity_id = scores.entity_id
        and keys.side = scores.side
        and keys.counterparty_id = scores.counterparty_id
    group by months.month_no, keys.counterparty_no
),

present as (
    select
        months.month_no,
        months.score_date,
        keys.counterparty_no,
        known.opened_on,
    from keys
    inner join firsts on firsts.counterparty_no = keys.counterparty_no
    inner join months on months.score_date >= firsts.first_date
    left join known
        on known.entity_no = keys.entity_no
        and known.side = keys.side
        and known.counterparty_id = keys.counterparty_id
),

final as (
    select
        present.month_no,
        present.counterparty_no,
        coalesce(case rules.history_months
            when 3 then windows.paid_count_3m
            when 6 then windows.paid_count_6m
            when 12 then windows.paid_count_12m
            else windows.paid_count_24m
        end, 0) as paid_count,
        cast(
            windows.late_day_amount_12m / nullif(windows.paid_amount_12m, 0) as decimal(9, 2)
        ) as late_12m_days,
        cast(
            windows.late_30_amount_12m / nullif(windows.paid_amount_12m, 0) as decimal(9, 4)
        ) as paid_late_30_12m_ratio,
        cast(
            balances.overdue_amount / nullif(balances.gross_amount, 0) as decimal(9, 4)
        ) as overdue_ratio,
        balances.oldest_overdue_days,
        cast(
            windows.late_day_amount_3m / nullif(windows.paid_amount_3m, 0)
            - windows.late_day_amount_12m / nullif(windows.paid_amount_12m, 0)
            as decimal(9, 2)
        ) as trend_days,
        cast(nullif(strpos('ABCDE', ratings.external_class), 0) as integer) as external_class,
        cast(case when present.opened_on <= present.score_date
            then date_sub('month', present.opened_on, present.score_date) end as integer)
            as tenure_months,
        case
            when incidents.counterparty_no is not null
                then incidents.reject_count + incidents.broken_count
            when windows.paid_amount_12m > 0 then 0
        end as incident_count,
    from present
    cross join rules
    left join windows
        on windows.month_no = present.month_no
        and windows.counterparty_no = present.counterparty_no
    left join balances
        on balances.month_no = present.month_no
        and balances.counterparty_no = present.counterparty_no
    left join incidents
        on incidents.month_no = present.month_no
        and incidents.counterparty_no = present.counterparty_no
    left join ratings
        on ratings.month_no = present.month_no
        and ratings.counterparty_no = present.counterparty_no
)

select * from final
