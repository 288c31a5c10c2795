-- grain: one row per entity, or for the group, side and month end
-- key: scope_id, side, month_end_date
-- question: How did the measures of receivables and payables move?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group for the sum of the entities without intercompany
--   side: customer or supplier
--   month_no: month, see int_months
--   month_end_date: end of the month; the as-of date for the month that holds it
--   sales_amount: sales of the month, for suppliers purchases, tax included
--   sales_excl_tax_amount: sales of the month, tax excluded; 0 for suppliers
--   receivable_amount: open debits less open credits
--   dso_receivable_amount: the same without 416
--   overdue_amount: open debits past due
--   unallocated_credit_amount: open credits, negative
--   doubtful_amount: open debits less open credits on 416
--   disputed_amount: open debits that are disputed
--   factored_amount: dso_receivable_amount of customers whose receivables are sold
--   year_sales_amount: sales of the 365 days up to the date, or since the data begin
--   year_day_count: days of that period
--   dso_current_amount: open debits that are not past due, without 416
--   dso_overdue_amount: open debits past due, without 416
--   lettering_coverage_ratio: credits of twelve months that are allocated / these credits
--   overdue_ratio: overdue_amount / open debits
--   dso_simple_days: dso_receivable_amount / year_sales_amount x year_day_count
--   dso_countback_days: days of the newest sales that the receivable holds
--   is_countback_floor: the sales loaded do not exhaust the receivable: a floor
--   unfactored_receivable_amount: dso_receivable_amount less factored_amount
--   unfactored_dso_simple_days: the simple DSO of it
--   unfactored_dso_countback_days: the count-back DSO of it
--   best_possible_dso_days: the simple DSO of what is not past due
--   average_days_delinquent: dso_simple_days less best_possible_dso_days
--   days_to_pay: from the document to the cash of the month, weighted by amount
--   days_late: past due, of the cash of the month, weighted by amount
--   cei_ratio: collected / collectable of the month
--   dispute_ratio: disputed_amount / open debits
--   turnover_ratio: sales of a year / average receivable
--   turnover_days: 365 / turnover_ratio
--   top10_ratio: share of the ten largest counterparties in the positive balances
--   herfindahl_index: sum of the squares of the shares x 10,000
--   effective_counterparty_count: equal counterparties that would be as concentrated
--   counterparty_count: counterparties with an open balance
-- decisions: 13, 15, 17, 18, 30, 32, 48
with

parts as materialized (
    select * from int_kpi_parts
),

missing_rates as (
    select distinct missing_date
    from int_group_missing_rates
),

-- a part counts for its entity and, where it is in it, for the group: not at all where a rate of
-- the year before the month end is missing
scope_parts as (
    select
        entity_id as scope_id,
        parts.*,
    from parts
    where not is_translated
    union all
    select
        'group' as scope_id,
        parts.*,
    from parts
    where
        is_in_group
        and not exists (
            select 1
            from missing_rates
            where
                missing_rates.missing_date <= parts.month_end_date
                and missing_rates.missing_date > parts.month_end_date - 365
        )
),

points as (
    select
        scope_id,
        side,
        month_no,
        month_end_date,
        is_shown,
        max(day_count) as day_count,
        least(365, month_end_date - min(first_date) + 1) as year_day_count,
        datediff('month', min(first_date), month_end_date) as month_index,
        sum(sales_amount) as sales_amount,
        sum(sales_excl_tax_amount) as sales_excl_tax_amount,
        sum(year_sales_amount) as year_sales_amount,
        sum(receivable_amount) as receivable_amount,
        sum(gross_amount) as gross_amount,
        sum(overdue_amount) as overdue_amount,
        sum(unallocated_credit_amount) as unallocated_credit_amount,
        sum(doubtful_amount) as doubtful_amount,
        sum(dso_receivable_amount) as dso_receivable_amount,
        sum(dso_current_amount) as dso_current_amount,
        sum(dso_overdue_amount) as dso_overdue_amount,
        sum(factored_amount) as factored_amount,
        sum(disputed_amount) as disputed_amount,
        sum(counterparty_count) as counterparty_count,
        sum(positive_amount) as positive_amount,
        sum(square_amount) as square_amount,
        sum(credit_amount) as credit_amount,
        sum(lettered_amount) as lettered_amount,
        sum(paid_amount) as paid_amount,
        sum(pay_day_amount) as pay_day_amount,
        sum(late_day_amount) as late_day_amount,
    from scope_parts
    group by scope_id, side, month_no, month_end_date, is_shown
),

-- open credits are not taken off twice: what is not past due is no more than the whole
measures as materialized (
    select
        *,
        greatest(0, least(dso_current_amount, dso_receivable_amount)) as dso_best_amount,
        greatest(0, least(gross_amount - overdue_amount, receivable_amount)) as best_amount,
        nullif(greatest(year_sales_amount, 0), 0) as positive_sales_amount,
    from points
),

top_balances as (
    select
        scope_id,
        side,
        month_no,
        list_sum(max(amount, 10)) as top10_amount,
    from (
        select
            scope_id,
            side,
            month_no,
            unnest(top_amounts) as amount,
        from scope_parts
    )
    group by scope_id, side, month_no
),

-- count-back: the receivable is set against the sales of the months, newest first; a month
-- without sales counts its days. Fans out on purpose: each month end looks back at all before
-- it, once with what is sold to a factor and once without
looked_back as (
    select
        measures.scope_id,
        measures.side,
        measures.month_no,
        past.day_count,
        past.sales_amount,
        coalesce(sum(greatest(past.sales_amount, 0)) over (
            partition by measures.scope_id, measures.side, measures.month_no
            order by past.month_no
            rows between unbounded preceding and 1 preceding
        ), 0) as newer_sales_amount,
        measures.dso_receivable_amount,
        measures.dso_receivable_amount - measures.factored_amount as unfactored_amount,
        past.month_no = max(past.month_no) over (
            partition by measures.scope_id, measures.side, measures.month_no
        ) as is_first_month,
    from measures
    inner join measures as past
        on past.scope_id = measures.scope_id
        and past.side = measures.side
        and past.month_no >= measures.month_no
    where measures.is_shown
),

countback_steps as (
    select
        *,
        dso_receivable_amount - newer_sales_amount as rest_amount,
        unfactored_amount - newer_sales_amount as unfactored_rest_amount,
    from looked_back
),

countback as (
    select
        scope_id,
        side,
        month_no,
        coalesce(sum(
            case
                when sales_amount <= 0 or rest_amount >= sales_amount
                    then cast(day_count as decimal(18, 6))
                else cast(rest_amount * day_count / sales_amount as decimal(18, 6))
            end
        ) filter (where rest_amount > 0), 0) as countback_days,
        coalesce(sum(
            case
                when sales_amount <= 0 or unfactored_rest_amount >= sales_amount
                    then cast(day_count as decimal(18, 6))
                else cast(unfactored_rest_amount * day_count / sales_amount as decimal(18, 6))
            end
        ) filter (where unfactored_rest_amount > 0), 0) as unfactored_countback_days,
        bool_or(is_first_month and rest_amount > greatest(sales_amount, 0)) as is_countback_floor,
    from countback_steps
    group by scope_id, side, month_no
),

-- mean of the month ends of a year, the first and the last included
average_balances as (
    select
        measures.scope_id,
        measures.side,
        measures.month_no,
        sum(past.dso_receivable_amount) as sum_amount,
        count(*) as point_count,
    from measures
    inner join measures as past
        on past.scope_id = measures.scope_id
        and past.side = measures.side
        and past.month_no between measures.month_no and measures.month_no + 12
    where measures.is_shown and past.is_shown
    group by
        measures.scope_id, measures.side, measures.month_no, measures.month_index
    having count(*) = least(13, measures.month_index + 1)
),

final as (
    select
        measures.scope_id,
        measures.side,
        measures.month_no,
        measures.month_end_date,
        cast(measures.sales_amount as decimal(18, 2)) as sales_amount,
        cast(measures.sales_excl_tax_amount as decimal(18, 2)) as sales_excl_tax_amount,
        cast(measures.receivable_amount as decimal(18, 2)) as receivable_amount,
        cast(measures.dso_receivable_amount as decimal(18, 2)) as dso_receivable_amount,
        cast(measures.overdue_amount as decimal(18, 2)) as overdue_amount,
        cast(measures.unallocated_credit_amount as decimal(18, 2)) as unallocated_credit_amount,
        cast(measures.doubtful_amount as decimal(18, 2)) as doubtful_amount,
        cast(measures.disputed_amount as decimal(18, 2)) as disputed_amount,
        cast(measures.factored_amount as decimal(18, 2)) as factored_amount,
        cast(measures.year_sales_amount as decimal(18, 2)) as year_sales_amount,
        cast(measures.year_day_count as integer) as year_day_count,
        cast(measures.dso_current_amount as decimal(18, 2)) as dso_current_amount,
        cast(measures.dso_overdue_amount as decimal(18, 2)) as dso_overdue_amount,
        cast(measures.lettered_amount / nullif(measures.credit_amount, 0) as decimal(9, 6))
            as lettering_coverage_ratio,
        cast(measures.overdue_amount / nullif(measures.gross_amount, 0) as decimal(9, 6))
            as overdue_ratio,
        try_cast(
            measures.dso_receivable_amount * measures.year_day_count
            / measures.positive_sales_amount as decimal(12, 2)
        ) as dso_simple_days,
        cast(countback.countback_days as decimal(12, 2)) as dso_countback_days,
        countback.is_countback_floor,
        cast(measures.dso_receivable_amount - measures.factored_amount as decimal(18, 2))
            as unfactored_receivable_amount,
        try_cast(
            (measures.dso_receivable_amount - measures.factored_amount) * measures.year_day_count
            / measures.positive_sales_amount as decimal(12, 2)
        ) as unfactored_dso_simple_days,
        cast(countback.unfactored_countback_days as decimal(12, 2))
            as unfactored_dso_countback_days,
        try_cast(
            measures.dso_best_amount * measures.year_day_count
            / measures.positive_sales_amount as decimal(12, 2)
        ) as best_possible_dso_days,
        try_cast(
            (measures.dso_receivable_amount - measures.dso_best_amount) * measures.year_day_count
            / measures.positive_sales_amount as decimal(12, 2)
        ) as average_days_delinquent,
        cast(measures.pay_day_amount / nullif(measures.paid_amount, 0) as decimal(12, 2))
            as days_to_pay,
        cast(measures.late_day_amount / nullif(measures.paid_amount, 0) as decimal(12, 2))
            as days_late,
        try_cast(
            (previous.receivable_amount + measures.sales_amount - measures.receivable_amount)
            / nullif(greatest(
                0, previous.receivable_amount + measures.sales_amount - measures.best_amount
            ), 0) as decimal(9, 6)
        ) as cei_ratio,
        cast(measures.disputed_amount / nullif(measures.gross_amount, 0) as decimal(9, 6))
            as dispute_ratio,
        try_cast(
            measures.positive_sales_amount * 365 * average_balances.point_count
            / (measures.year_day_count * nullif(greatest(0, average_balances.sum_amount), 0))
            as decimal(12, 4)
        ) as turnover_ratio,
        try_cast(
            greatest(0, average_balances.sum_amount) * measures.year_day_count
            / (average_balances.point_count * measures.positive_sales_amount)
            as decimal(12, 2)
        ) as turnover_days,
        cast(top_balances.top10_amount / nullif(measures.positive_amount, 0) as decimal(9, 6))
            as top10_ratio,
        cast(
            10000 * measures.square_amount / nullif(
                cast(measures.positive_amount as double)
                * cast(measures.positive_amount as double), 0
            ) as decimal(9, 2)
        ) as herfindahl_index,
        cast(
            cast(measures.positive_amount as double) * cast(measures.positive_amount as double)
            / nullif(measures.square_amount, 0) as decimal(12, 2)
        ) as effective_counterparty_count,
        cast(measures.counterparty_count as bigint) as counterparty_count,
    from measures
    inner join countback
        on countback.scope_id = measures.scope_id
        and countback.side = measures.side
        and countback.month_no = measures.month_no
    left join measures as previous
        on previous.scope_id = measures.scope_id
        and previous.side = measures.side
        and previous.month_no = measures.month_no + 1
        and previous.is_shown
    left join average_balances
        on average_balances.scope_id = measures.scope_id
        and average_balances.side = measures.side
        and average_balances.month_no = measures.month_no
    left join top_balances
        on top_balances.scope_id = measures.scope_id
        and top_balances.side = measures.side
        and top_balances.month_no = measures.month_no
    where measures.is_shown
)

select * from final
