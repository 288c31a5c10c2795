-- grain: one row per entity, or for the group, and month end
-- key: scope_id, month_end_date
-- question: How did the receivables measures move?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group for the sum of the entities without intercompany
--   month_no: month, see int_months
--   month_end_date: end of the month; the as-of date for the month that holds it
--   sales_amount: sales of the month, tax included
--   sales_excl_tax_amount: sales of the month, tax excluded
--   receivable_amount: open debits less open credits on 411, 413, 416
--   dso_receivable_amount: the same without 416
--   gross_amount: open debits
--   overdue_amount: open debits past due
--   unallocated_credit_amount: open credits, negative
--   doubtful_amount: open debits less open credits on 416
--   year_sales_amount: sales of the 365 days up to the date, or since the data begin
--   year_day_count: days of that period
--   dso_current_amount: open debits of the same that are not past due, between 0 and
--     dso_receivable_amount: open credits are not taken off twice
--   countback_days: DSO by the count-back method
--   is_countback_floor: the sales loaded do not exhaust the receivable: a floor
--   counterparty_count: customers with an open balance
--   top10_amount: sum of the ten largest positive balances
--   positive_amount: sum of the positive balances
--   square_amount: sum of the squares of the positive balances
-- decisions: 13, 15, 17, 18
with

months as (
    select * from int_months
),

accounts as (
    select
        int_accounts.*,
        project_entities.currency = params.currency as is_group_currency,
    from int_accounts
    inner join project_entities on project_entities.entity_no = int_accounts.entity_no
    cross join params
),

month_balances as (
    select int_month_balances.*
    from int_month_balances
    where account_key in (select account_key from accounts where side = 'customer')
),

buckets as (
    select * from ref_ageing_buckets
),

control_accounts as (
    select
        account_family,
        bool_or(in_dso) as in_dso,
    from ref_control_accounts
    group by account_family
),

first_days as (
    select
        entity_id,
        first_date,
    from int_entities
),

sales_days as (
    select
        int_sales_days.*,
        project_entities.currency = params.currency as is_group_currency,
    from int_sales_days
    inner join project_entities on project_entities.entity_id = int_sales_days.entity_id
    cross join params
    where int_sales_days.sales_date <= params.as_of
),

-- an account counts for its entity and, where it is outside the group, for the group
account_scopes as (
    select
        account_key,
        entity_id as scope_id,
    from accounts
    union all
    select
        account_key,
        'group' as scope_id,
    from accounts
    where not is_intercompany and is_group_currency
),

scope_starts as (
    select
        entity_id as scope_id,
        first_date,
    from first_days
    union all
    select
        'group' as scope_id,
        min(first_days.first_date) as first_date,
    from first_days
    inner join project_entities on project_entities.entity_id = first_days.entity_id
    cross join params
    where project_entities.currency = params.currency
    having count(*) > 0
),

sales_scopes as (
    select
        entity_id as scope_id,
        sales_date,
        sum(sales_amount) as sales_amount,
        sum(sales_excl_tax_amount) as sales_excl_tax_amount,
    from sales_days
    group by entity_id, sales_date
    union all
    select
        'group' as scope_id,
        sales_date,
        sum(sales_amount) as sales_amount,
        sum(sales_excl_tax_amount) as sales_excl_tax_amount,
    from sales_days
    where not is_intercompany and is_group_currency
    group by sales_date
),

points as (
    select
        scope_starts.scope_id,
        scope_starts.first_date,
        months.month_no,
        months.month_start_date,
        months.month_end_date,
        months.day_count,
        months.is_shown,
    from scope_starts
    inner join months on months.month_end_date >= scope_starts.first_date
),

balances as (
    select
        account_scopes.scope_id,
        month_balances.month_end_date,
        sum(month_balances.open_amount) as receivable_amount,
        sum(month_balances.open_amount) filter (where control_accounts.in_dso)
            as dso_receivable_amount,
        sum(month_balances.debit_amount) as gross_amount,
        sum(month_balances.debit_amount) filter (where buckets.is_overdue) as overdue_amount,
        sum(month_balances.debit_amount) filter (
            where not buckets.is_overdue and control_accounts.in_dso
        ) as dso_current_amount,
        sum(month_balances.credit_amount) as unallocated_credit_amount,
        sum(month_balances.open_amount) filter (where accounts.account_family = '416')
            as doubtful_amount,
    from month_balances
    inner join accounts on accounts.account_key = month_balances.account_key
    -- once for the entity, once for the group
    inner join account_scopes on account_scopes.account_key = month_balances.account_key
    inner join buckets on buckets.bucket_order = month_balances.bucket_order
    inner join control_accounts on control_accounts.account_family = accounts.account_family
    group by account_scopes.scope_id, month_balances.month_end_date
),

counterparty_balances as (
    select
        account_scopes.scope_id,
        month_balances.month_end_date,
        accounts.counterparty_no,
        sum(month_balances.open_amount) as amount,
    from month_balances
    inner join accounts on accounts.account_key = month_balances.account_key
    inner join account_scopes on account_scopes.account_key = month_balances.account_key
    group by all
),

shares as (
    select
        scope_id,
        month_end_date,
        count(*) as counterparty_count,
        list_sum(max(amount, 10) filter (where amount > 0)) as top10_amount,
        sum(amount) filter (where amount > 0) as positive_amount,
        sum(
            cast(amount as decimal(19, 2)) * cast(amount as decimal(19, 2))
        ) filter (where amount > 0) as square_amount,
    from counterparty_balances
    group by scope_id, month_end_date
),

month_sales as (
    select
        points.scope_id,
        points.month_no,
        coalesce(sum(sales_scopes.sales_amount), 0) as sales_amount,
        coalesce(sum(sales_scopes.sales_excl_tax_amount), 0) as sales_excl_tax_amount,
    from points
    left join sales_scopes
        on sales_scopes.scope_id = points.scope_id
        and sales_scopes.sales_date between points.month_start_date and points.month_end_date
    group by points.scope_id, points.month_no
),

year_sales as (
    select
        points.scope_id,
        points.month_no,
        least(365, points.month_end_date - points.first_date + 1) as year_day_count,
        coalesce(sum(sales_scopes.sales_amount), 0) as year_sales_amount,
    from points
    left join sales_scopes
        on sales_scopes.scope_id = points.scope_id
        and sales_scopes.sales_date > points.month_end_date - 365
        and sales_scopes.sales_date <= points.month_end_date
    where points.is_shown
    group by points.scope_id, points.month_no, points.month_end_date, points.first_date
),

-- count-back: the receivable is set against the sales of the months, newest first; a month
-- without sales counts its days. Fans out on purpose: each month end looks back at all before it
looked_back as (
    select
        points.scope_id,
        points.month_no,
        past.day_count,
        past_sales.sales_amount,
        coalesce(balances.dso_receivable_amount, 0) - coalesce(sum(
            greatest(past_sales.sales_amount, 0)
        ) over (
            partition by points.scope_id, points.month_no
            order by past.month_no
            rows between unbounded preceding and 1 preceding
        ), 0) as rest_amount,
        past.month_no = max(past.month_no) over (
            partition by points.scope_id, points.month_no
        ) as is_first_month,
    from points
    inner join points as past
        on past.scope_id = points.scope_id
        and past.month_no >= points.month_no
    inner join month_sales as past_sales
        on past_sales.scope_id = past.scope_id
        and past_sales.month_no = past.month_no
    left join balances
        on balances.scope_id = points.scope_id
        and balances.month_end_date = points.month_end_date
    where points.is_shown
),

countback as (
    select
        scope_id,
        month_no,
        coalesce(sum(
            case
                when sales_amount <= 0 then cast(day_count as decimal(18, 6))
                when rest_amount >= sales_amount then cast(day_count as decimal(18, 6))
                else cast(rest_amount * day_count / sales_amount as decimal(18, 6))
            end
        ) filter (where rest_amount > 0), 0) as countback_days,
        bool_or(is_first_month and rest_amount > greatest(sales_amount, 0)) as is_countback_floor,
    from looked_back
    group by scope_id, month_no
),

final as (
    select
        points.scope_id,
        points.month_no,
        points.month_end_date,
        cast(month_sales.sales_amount as decimal(18, 2)) as sales_amount,
        cast(month_sales.sales_excl_tax_amount as decimal(18, 2)) as sales_excl_tax_amount,
        cast(coalesce(balances.receivable_amount, 0) as decimal(18, 2)) as receivable_amount,
        cast(coalesce(balances.dso_receivable_amount, 0) as decimal(18, 2))
            as dso_receivable_amount,
        cast(coalesce(balances.gross_amount, 0) as decimal(18, 2)) as gross_amount,
        cast(coalesce(balances.overdue_amount, 0) as decimal(18, 2)) as overdue_amount,
        cast(coalesce(balances.unallocated_credit_amount, 0) as decimal(18, 2))
            as unallocated_credit_amount,
        cast(coalesce(balances.doubtful_amount, 0) as decimal(18, 2)) as doubtful_amount,
        cast(year_sales.year_sales_amount as decimal(18, 2)) as year_sales_amount,
        cast(year_sales.year_day_count as integer) as year_day_count,
        cast(
            greatest(0, least(
                coalesce(balances.dso_current_amount, 0),
                coalesce(balances.dso_receivable_amount, 0)
            )) as decimal(18, 2)
        ) as dso_current_amount,
        countback.countback_days,
        countback.is_countback_floor,
        cast(coalesce(shares.counterparty_count, 0) as bigint) as counterparty_count,
        cast(coalesce(shares.top10_amount, 0) as decimal(18, 2)) as top10_amount,
        cast(coalesce(shares.positive_amount, 0) as decimal(18, 2)) as positive_amount,
        cast(coalesce(shares.square_amount, 0) as decimal(38, 4)) as square_amount,
    from points
    inner join month_sales
        on month_sales.scope_id = points.scope_id
        and month_sales.month_no = points.month_no
    inner join year_sales
        on year_sales.scope_id = points.scope_id
        and year_sales.month_no = points.month_no
    inner join countback
        on countback.scope_id = points.scope_id
        and countback.month_no = points.month_no
    left join balances
        on balances.scope_id = points.scope_id
        and balances.month_end_date = points.month_end_date
    left join shares
        on shares.scope_id = points.scope_id
        and shares.month_end_date = points.month_end_date
    where points.is_shown
)

select * from final
