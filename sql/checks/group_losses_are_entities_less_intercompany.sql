-- severity: fail
-- sentence: The expected loss of the group is not that of its entities less intercompany.
with

entities as (
    select
        mart_expected_credit_loss.segment,
        mart_expected_credit_loss.bucket,
        sum(mart_expected_credit_loss.exposure_amount) as exposure_amount,
        sum(mart_expected_credit_loss.expected_loss_amount) as loss_amount,
    from mart_expected_credit_loss
    inner join project_entities
        on project_entities.entity_id = mart_expected_credit_loss.entity_id
    cross join params
    where project_entities.currency = params.currency
    group by mart_expected_credit_loss.segment, mart_expected_credit_loss.bucket
)

select
    entities.segment,
    entities.bucket,
    entities.loss_amount,
    mart_group_expected_credit_loss.expected_loss_amount,
from entities
left join mart_group_expected_credit_loss
    on mart_group_expected_credit_loss.segment = entities.segment
    and mart_group_expected_credit_loss.bucket = entities.bucket
where
    entities.exposure_amount is distinct from mart_group_expected_credit_loss.exposure_amount
    + mart_group_expected_credit_loss.intercompany_exposure_amount
    or (
        mart_group_expected_credit_loss.expected_loss_amount is not null
        and entities.loss_amount <> mart_group_expected_credit_loss.expected_loss_amount
        + mart_group_expected_credit_loss.intercompany_loss_amount
    )
