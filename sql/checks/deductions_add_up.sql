-- severity: fail
-- sentence: The deductions by counterparty are not those of the entity.
with

counterparties as (
    select
        entity_id,
        side,
        month_end_date,
        sum(deduction_amount) as deduction_amount,
    from mart_counterparty_deductions
    group by entity_id, side, month_end_date
)

select
    mart_deductions.entity_id,
    mart_deductions.side,
    mart_deductions.month_end_date,
    mart_deductions.deduction_amount,
    counterparties.deduction_amount as counterparties_amount,
from mart_deductions
full join counterparties
    on counterparties.entity_id = mart_deductions.entity_id
    and counterparties.side = mart_deductions.side
    and counterparties.month_end_date = mart_deductions.month_end_date
where
    coalesce(mart_deductions.deduction_amount, 0)
    <> coalesce(counterparties.deduction_amount, 0)
