-- severity: fail
-- sentence: What these months' billing cohorts hold is not what was sold in the month.
with

cohorts as (
    select
        entity_id,
        month_end_date,
        sum(sales_amount) as sales_amount,
    from mart_billing_cohorts
    where side = 'customer' and after_days = 0
    group by entity_id, month_end_date
),

sales as (
    select
        int_sales_days.entity_id,
        last_day(int_sales_days.sales_date) as month_end_date,
        sum(int_sales_days.sales_amount) as sales_amount,
    from int_sales_days
    cross join params
    where last_day(int_sales_days.sales_date) <= params.as_of
    group by int_sales_days.entity_id, last_day(int_sales_days.sales_date)
)

select
    coalesce(cohorts.entity_id, sales.entity_id) as entity_id,
    coalesce(cohorts.month_end_date, sales.month_end_date) as month_end_date,
    cohorts.sales_amount as cohort_amount,
    sales.sales_amount,
from cohorts
full join sales
    on sales.entity_id = cohorts.entity_id
    and sales.month_end_date = cohorts.month_end_date
where coalesce(cohorts.sales_amount, 0) <> coalesce(sales.sales_amount, 0)
