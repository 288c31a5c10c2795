-- severity: fail
-- sentence: These customers have no decision, or more than one, or an approval although their
--   exposure or their limit is not known and the rule asks for both.
with

inputs as (
    select * from mart_credit_inputs
),

decisions as (
    select
        entity_id,
        counterparty_id,
        count(*) as decision_count,
        count(recommended_terms) as terms_count,
        count(*) filter (
            where decision = 'approve'
            and rule_no in (select rule_no from ref_decision_policy where limit_ratio is not null)
            and (exposure_amount is null or limit_amount is null)
        ) as blind_count,
    from mart_credit_decisions
    group by entity_id, counterparty_id
)

select
    inputs.entity_id,
    inputs.counterparty_id,
    decisions.decision_count,
    decisions.terms_count,
    decisions.blind_count,
from inputs
left join decisions
    on decisions.entity_id = inputs.entity_id
    and decisions.counterparty_id = inputs.counterparty_id
where
    decisions.decision_count is distinct from 1
    or decisions.terms_count is distinct from 1
    or decisions.blind_count is distinct from 0
