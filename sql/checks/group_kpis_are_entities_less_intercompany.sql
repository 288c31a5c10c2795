-- severity: fail
-- sentence: The monthly receivable of the group is not that of its ageing history.
with

history as (
    select
        month_end_date,
        sum(open_amount) as open_amount,
    from mart_group_ageing_history
    where side = 'customer'
    group by month_end_date
)

select
    mart_group_kpis_monthly.month_end_date,
    mart_group_kpis_monthly.receivable_amount,
    history.open_amount,
from mart_group_kpis_monthly
left join history on history.month_end_date = mart_group_kpis_monthly.month_end_date
where coalesce(history.open_amount, 0) <> mart_group_kpis_monthly.receivable_amount
