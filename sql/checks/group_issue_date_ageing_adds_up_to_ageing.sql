-- severity: fail
-- sentence: The ageing of the group by invoice date is not that by due date.
with

by_due_date as (
    select
        side,
        sum(open_amount) as open_amount,
        sum(intercompany_amount) as intercompany_amount,
    from mart_group_ageing
    group by side
),

by_issue_date as (
    select
        side,
        sum(open_amount) as open_amount,
        sum(intercompany_amount) as intercompany_amount,
    from mart_group_ageing_by_issue_date
    group by side
)

select
    coalesce(by_due_date.side, by_issue_date.side) as side,
    by_due_date.open_amount as due_date_amount,
    by_issue_date.open_amount as issue_date_amount,
from by_due_date
full join by_issue_date on by_issue_date.side = by_due_date.side
where
    by_issue_date.open_amount is distinct from by_due_date.open_amount
    or by_issue_date.intercompany_amount is distinct from by_due_date.intercompany_amount
