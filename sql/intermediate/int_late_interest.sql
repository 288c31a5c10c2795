-- grain: one row per item that was late at some day up to the as-of date
-- key: item_key
-- question: How much late interest has an item earned up to the as-of date?
-- materialized: table
-- columns:
--   item_key: the item
--   account_key: third-party account
--   first_late_date: first day with interest
--   last_late_date: last day with interest, the as-of date at the latest
--   late_days: days with interest
--   running_amount: principal on which interest still runs at the as-of date
--   interest_amount: interest, rounded once over all days
--   fee_amount: recovery fee
--   unrated_days: days without a known rate, for which no interest is computed
--   is_assumed: no contract and no document tells the due date
-- decisions: 37, 38
with

periods as (
    select
        int_late_periods.*,
        least(coalesce(int_late_periods.to_date, params.as_of), params.as_of) as last_date,
        not int_late_periods.is_reduction
        and coalesce(int_late_periods.to_date, date '9999-12-31') > params.as_of as is_running,
    from int_late_periods
    cross join params
    where
        int_late_periods.known_from <= params.as_of
        and (int_late_periods.counts_from is null or int_late_periods.counts_from <= params.as_of)
        and (int_late_periods.counts_to is null or int_late_periods.counts_to > params.as_of)
        and int_late_periods.from_date <= params.as_of
),

-- rates in integers, ten-thousandths of a percent: there are few of them and many periods
terms as not materialized (
    select
        account_key,
        rate_key,
        is_rate_fixed,
        fee_amount,
        cast(contract_rate * 10000 as bigint) as contract_rate,
    from int_late_terms
),

rates as not materialized (
    select
        rate_key,
        starts_on,
        cast(rate * 10000 as bigint) as rate,
        cast(earlier_percent_days * 10000 as bigint) as earlier_percent_days,
        earlier_unrated_days,
    from int_late_rates
),

-- percent × days between two days is the difference of two running totals
priced as (
    select
        periods.item_key,
        periods.account_key,
        periods.from_date,
        periods.last_date,
        periods.principal_amount,
        periods.is_reduction,
        periods.is_running,
        periods.is_assumed,
        periods.bears_fee,
        terms.fee_amount,
        periods.last_date - periods.from_date + 1 as day_count,
        case
            when terms.contract_rate is not null
                then terms.contract_rate * (periods.last_date - periods.from_date + 1)
            when terms.is_rate_fixed
                then coalesce(begun.rate, 0) * (periods.last_date - periods.from_date + 1)
            else lasts.earlier_percent_days
                + coalesce(lasts.rate, 0) * (periods.last_date - lasts.starts_on + 1)
                - firsts.earlier_percent_days
                - coalesce(firsts.rate, 0) * (periods.from_date - firsts.starts_on)
        end as percent_days,
        case
            when terms.contract_rate is not null then 0
            when terms.is_rate_fixed
                then case when begun.rate is null
                    then periods.last_date - periods.from_date + 1 else 0 end
            else lasts.earlier_unrated_days
                + case when lasts.rate is null
                    then periods.last_date - lasts.starts_on + 1 else 0 end
                - firsts.earlier_unrated_days
                - case when firsts.rate is null
                    then periods.from_date - firsts.starts_on else 0 end
        end as unrated_days,
    from periods
    inner join terms on terms.account_key = periods.account_key
    inner join rates as firsts
        on firsts.rate_key = terms.rate_key + 2 * year(periods.from_date)
            + case when month(periods.from_date) > 6 then 1 else 0 end
    inner join rates as lasts
        on lasts.rate_key = terms.rate_key + 2 * year(periods.last_date)
            + case when month(periods.last_date) > 6 then 1 else 0 end
    inner join rates as begun on begun.rate_key = terms.rate_key + periods.first_semester_no
),

-- the interest is added up in hundredths of a cent of percent and days, exactly
summed as (
    select
        item_key,
        min(account_key) as account_key,
        min(from_date) as first_late_date,
        max(last_date) as last_late_date,
        sum(day_count) filter (where not is_reduction) as late_days,
        sum(principal_amount) filter (where is_running) as running_amount,
        sum(
            cast(principal_amount * 100 as hugeint) * percent_days
        ) as cents_of_percent_days,
        sum(cast(principal_amount * 100 as hugeint) * day_count) as cents_of_days,
        sum(unrated_days) filter (where not is_reduction) as unrated_days,
        bool_and(is_assumed) as is_assumed,
        bool_and(bears_fee) as bears_fee,
        max(fee_amount) as fee_amount,
    from priced
    group by item_key
),

final as (
    select
        item_key,
        account_key,
        first_late_date,
        last_late_date,
        cast(late_days as integer) as late_days,
        cast(coalesce(running_amount, 0) as decimal(18, 2)) as running_amount,
        -- halves away from zero: percent × 10,000 × 365 days is 365,000,000
        cast(
            cast((cents_of_percent_days + 182500000) // 365000000 as decimal(20, 0)) * 0.01
            as decimal(18, 2)
        ) as interest_amount,
        cast(
            case when bears_fee and cents_of_days > 0 then fee_amount else 0 end as decimal(18, 2)
        ) as fee_amount,
        cast(unrated_days as integer) as unrated_days,
        is_assumed,
    from summed
    -- what a credit note takes back altogether was never late
    where cents_of_days > 0
)

select * from final
