-- grain: one row per forecast date, open item and part of it
-- key: forecast_no, item_key, promised_date
-- question: When is each open item expected to be paid, as known at the date, and why?
-- materialized: view
-- columns:
--   forecast_no: forecast date, see int_forecast_dates
--   item_key: the item
--   promised_date: day for which this part is promised, null for the rest
--   account_key: third-party account
--   due_date: date from which it is overdue
--   open_amount: what is open of this part, negative for a credit
--   basis: own_history, pooled_history, promise, disputed, doubtful, no_history, too_late,
--     no_due_date, credit
--   early_date: day by which the early share is paid, null where it is not expected
--   mid_date: the same for the middle share
--   late_date: the same for the late share
-- decisions: 35
with

dates as not materialized (
    select * from int_forecast_dates
),

rules as (
    select * from int_forecast_rules
),

first_dates as (
    select min(forecast_date) as first_date from int_forecast_dates
),

-- fans out on purpose: an item stands at each date of its period
open_items as not materialized (
    select
        dates.forecast_no,
        dates.forecast_date,
        dates.known_quarter_no,
        balances.item_key,
        balances.account_key,
        balances.due_date,
        balances.is_age_unknown,
        balances.balance_amount,
    from int_item_balances as balances
    cross join first_dates
    inner join dates
        on balances.valid_from <= dates.forecast_date
        and coalesce(balances.valid_to, date '9999-12-31') > dates.forecast_date
    where
        balances.is_aged
        and coalesce(balances.valid_to, date '9999-12-31') > first_dates.first_date
),

accounts as (
    select * from int_accounts
),

promises as not materialized (
    select * from int_forecast_promises
),

promised as not materialized (
    select
        forecast_no,
        item_key,
        sum(promised_amount) as promised_amount,
    from int_forecast_promises
    group by forecast_no, item_key
),

disputed as not materialized (
    select distinct
        dates.forecast_no,
        int_item_disputes.item_key,
    from int_item_disputes
    inner join dates
        on int_item_disputes.disputed_from <= dates.forecast_date
        and coalesce(int_item_disputes.disputed_to, date '9999-12-31') > dates.forecast_date
),

delays as not materialized (
    select * from int_forecast_delays
),

pools as not materialized (
    select
        dates.forecast_no,
        int_delay_pools.entity_no,
        int_delay_pools.side,
        int_delay_pools.pooled_days,
    from int_delay_pools
    inner join dates
        on int_delay_pools.from_quarter_no <= dates.known_quarter_no
        and coalesce(int_delay_pools.to_quarter_no, 1000000) > dates.known_quarter_no
),

tails as not materialized (
    select * from int_forecast_tails
),

-- what is expected of the item by the history of its counterparty
judged as not materialized (
    select
        open_items.forecast_no,
        open_items.forecast_date,
        open_items.item_key,
        open_items.account_key,
        accounts.entity_no,
        accounts.side,
        accounts.account_family = '416' as is_doubtful,
        disputed.item_key is not null as is_disputed,
        open_items.due_date,
        open_items.is_age_unknown,
        open_items.balance_amount - coalesce(promised.promised_amount, 0) as open_amount,
        coalesce(delays.is_own, false) as is_own,
        pools.pooled_days is not null as has_history,
        cast(greatest(0, open_items.forecast_date + 1 - open_items.due_date) as integer)
            as days_to_next,
        open_items.due_date + coalesce(delays.expected_days, pools.pooled_days, 0)
            as expected_date,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
    left join promised
        on promised.forecast_no = open_items.forecast_no
        and promised.item_key = open_items.item_key
    left join disputed
        on disputed.forecast_no = open_items.forecast_no
        and disputed.item_key = open_items.item_key
    left join delays
        on delays.forecast_no = open_items.forecast_no
        and delays.counterparty_no = accounts.counterparty_no
    left join pools
        on pools.forecast_no = open_items.forecast_no
        and pools.entity_no = accounts.entity_no
        and pools.side = accounts.side
    where
        open_items.balance_amount < 0
        or open_items.balance_amount > coalesce(promised.promised_amount, 0)
),

-- days that a dispute or a doubtful account adds; null where such items are not expected
dated as not materialized (
    select
        judged.*,
        case when judged.is_doubtful then rules.doubtful_days else 0 end
        + case when judged.is_disputed then rules.disputed_days else 0 end as added_days,
        case when judged.has_history then tails.early_days else days_to_next end as early_days,
        case when judged.has_history then tails.mid_days else days_to_next end as mid_days,
        case when judged.has_history then tails.late_days else days_to_next end as late_days,
    from judged
    cross join rules
    left join tails
        on tails.forecast_no = judged.forecast_no
        and tails.entity_no = judged.entity_no
        and tails.side = judged.side
        and tails.reached_days
            = greatest(-121, least(241, judged.forecast_date - judged.expected_date))
),

final as (
    select
        forecast_no,
        item_key,
        cast(null as date) as promised_date,
        account_key,
        due_date,
        cast(open_amount as decimal(18, 2)) as open_amount,
        case
            when open_amount < 0 then 'credit'
            when is_doubtful then 'doubtful'
            when is_disputed then 'disputed'
            when due_date is null or is_age_unknown then 'no_due_date'
            when mid_days is null then 'too_late'
            when not has_history then 'no_history'
            when is_own then 'own_history'
            else 'pooled_history'
        end as basis,
        case when open_amount > 0 and not is_age_unknown then
            cast(expected_date + early_days + added_days as date) end as early_date,
        case when open_amount > 0 and not is_age_unknown then
            cast(expected_date + mid_days + added_days as date) end as mid_date,
        case when open_amount > 0 and not is_age_unknown then
            cast(expected_date + late_days + added_days as date) end as late_date,
    from dated
    union all
    select
        open_items.forecast_no,
        open_items.item_key,
        promises.promised_date,
        open_items.account_key,
        open_items.due_date,
        promises.promised_amount as open_amount,
        'promise' as basis,
        promises.promised_date as early_date,
        promises.promised_date as mid_date,
        promises.promised_date as late_date,
    from promises
    inner join open_items
        on open_items.forecast_no = promises.forecast_no
        and open_items.item_key = promises.item_key
)

select * from final
