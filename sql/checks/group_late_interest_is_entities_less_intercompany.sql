-- severity: fail
-- sentence: The late interest of the group is not that of its entities less intercompany, or that
--   of the counterparties is not that of their documents.
with

documents as (
    select
        side,
        sum(interest_amount + fee_amount) as amount,
    from mart_late_interest
    inner join project_entities on project_entities.entity_id = mart_late_interest.entity_id
    inner join params on params.currency = project_entities.currency
    where not mart_late_interest.is_due_date_assumed
    group by side
)

select
    mart_group_late_interest.side,
    mart_group_late_interest.claim_amount,
    mart_group_late_interest.intercompany_claim_amount,
    documents.amount,
from mart_group_late_interest
left join documents on documents.side = mart_group_late_interest.side
where
    mart_group_late_interest.claim_amount + mart_group_late_interest.intercompany_claim_amount
    <> coalesce(documents.amount, 0)
