-- grain: one row per entity and customer that has an item, an order or a line in the file of
--   counterparties
-- key: entity_id, side, counterparty_id
-- sort: entity_id, counterparty_id
-- question: What is a decision about an order of a customer made of?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: always customer
--   counterparty_id: code of the customer
--   counterparty_name: name of the customer; its code where nothing else names it
--   is_intercompany: belongs to the group, by encours.yaml
--   currency: currency of the entity, in which all amounts are
--   score: points of the scorecard, 0 to 100; null where there is too little history
--   risk_class: A (best) to E; N where there is too little history
--   policy_class: class whose rules apply: that of N is set in ref_scorecard_classes
--   legal_severity: severity of the worst legal event that counts, 0 to 10; null: none
--   is_ceased: the activity has ceased, or the customer is struck off the register
--   exposure_amount: what would be lost, see mart_exposure; 0 where nothing is open or ordered;
--     null where a rate is missing; currency of the entity
--   limit_amount: credit limit, currency of the entity; null where none is known
--   limit_source: granted, or recommended where none is granted; null: no limit
--   overdue_amount: open items past due, without credits, currency of the entity
--   oldest_overdue_days: days overdue of the oldest overdue item; 0: none
--   long_overdue_days: days past due beyond which the policy counts an item; null: it counts none
--   long_overdue_amount: open items past due by more days than that, currency of the entity
-- decisions: 70, 71
with

entities as (
    select * from project_entities
),

keys as (
    select * from int_counterparty_keys
    where side = 'customer'
),

known as (
    select * from stg_erp__counterparties
    where side = 'customer'
),

names as (
    select * from dim_counterparties
    where side = 'customer'
),

limits as (
    select * from mart_risk_limits
),

scores as (
    select * from int_risk_scores
    where month_no = 0 and side = 'customer'
),

unrated as (
    select
        max(risk_class) as risk_class,
        max(policy_class) as policy_class,
    from ref_scorecard_classes
    where from_score is null
),

balances as (
    select * from int_score_balances
    where month_no = 0
),

long_overdue as (
    select * from int_credit_overdue
),

policy as (
    select max(overdue_days) as overdue_days from ref_decision_policy
),

law as (
    select * from int_credit_law
),

customers as (
    select
        entity_id,
        counterparty_id,
    from scores
    union
    select
        entity_id,
        counterparty_id,
    from limits
    union
    select
        entity_id,
        counterparty_id,
    from known
),

-- a customer of whom nothing is open or ordered has no line in mart_risk_limits; a limit in another
-- currency is no limit in this one
file_limits as (
    select
        known.entity_id,
        known.counterparty_id,
        known.credit_limit as limit_amount,
    from known
    inner join entities on entities.entity_no = known.entity_no
    where coalesce(known.currency, entities.currency) = entities.currency
),

final as (
    select
        customers.entity_id,
        'customer' as side,
        customers.counterparty_id,
        coalesce(
            names.counterparty_name, limits.counterparty_name, known.name, customers.counterparty_id
        ) as counterparty_name,
        coalesce(names.is_intercompany, limits.is_intercompany, false) as is_intercompany,
        entities.currency,
        scores.score,
        coalesce(scores.risk_class, unrated.risk_class) as risk_class,
        coalesce(scores.policy_class, unrated.policy_class) as policy_class,
        law.legal_severity,
        coalesce(law.is_ceased, false) as is_ceased,
        -- without a row nothing is open or ordered; with one, null is a rate that is missing
        case when limits.counterparty_id is null then cast(0 as decimal(18, 2))
            else limits.exposure_amount end as exposure_amount,
        case when limits.counterparty_id is null then file_limits.limit_amount
            else limits.limit_amount end as limit_amount,
        case
            when limits.limit_amount is not null then limits.limit_source
            when limits.counterparty_id is null and file_limits.limit_amount is not null
                then 'granted'
        end as limit_source,
        cast(coalesce(balances.overdue_amount, 0) as decimal(18, 2)) as overdue_amount,
        coalesce(balances.oldest_overdue_days, 0) as oldest_overdue_days,
        policy.overdue_days as long_overdue_days,
        cast(coalesce(long_overdue.long_overdue_amount, 0) as decimal(18, 2))
            as long_overdue_amount,
    from customers
    inner join entities on entities.entity_id = customers.entity_id
    cross join unrated
    cross join policy
    left join keys
        on keys.entity_id = customers.entity_id
        and keys.counterparty_id = customers.counterparty_id
    left join known
        on known.entity_id = customers.entity_id
        and known.counterparty_id = customers.counterparty_id
    left join file_limits
        on file_limits.entity_id = customers.entity_id
        and file_limits.counterparty_id = customers.counterparty_id
    left join names
        on names.entity_id = customers.entity_id
        and names.counterparty_id = customers.counterparty_id
    left join limits
        on limits.entity_id = customers.entity_id
        and limits.counterparty_id = customers.counterparty_id
    left join scores
        on scores.entity_id = customers.entity_id
        and scores.counterparty_id = customers.counterparty_id
    left join balances on balances.counterparty_no = keys.counterparty_no
    left join long_overdue on long_overdue.counterparty_no = keys.counterparty_no
    left join law
        on law.entity_id = customers.entity_id
        and law.counterparty_id = customers.counterparty_id
)

select * from final
