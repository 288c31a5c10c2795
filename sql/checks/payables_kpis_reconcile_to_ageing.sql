-- severity: fail
-- sentence: The monthly payable of these entities is not that of the ageing history.
with

history as (
    select
        entity_id,
        month_end_date,
        sum(open_amount) as open_amount,
    from mart_ageing_history
    where side = 'supplier'
    group by entity_id, month_end_date
)

select
    mart_payables_kpis_monthly.entity_id,
    mart_payables_kpis_monthly.month_end_date,
    mart_payables_kpis_monthly.payable_amount,
    history.open_amount,
from mart_payables_kpis_monthly
left join history
    on history.entity_id = mart_payables_kpis_monthly.entity_id
    and history.month_end_date = mart_payables_kpis_monthly.month_end_date
where coalesce(history.open_amount, 0) <> mart_payables_kpis_monthly.payable_amount
