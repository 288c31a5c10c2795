-- grain: one row per entity and customer whose credit limit is exceeded or nearly used up
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: Who owes more than its limit, or nearly, and since when?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: always customer
--   counterparty_id: code of the customer
--   rule: LIMIT_EXCEEDED or LIMIT_90, by the thresholds of alert_rules.csv
--   credit_limit_amount: credit limit, currency of the entity
--   exposure_amount: exposure, see mart_exposure, currency of the entity
--   over_amount: what is beyond the limit, negative while it is not exceeded, currency of the
--     entity
--   since_date: first day of the time up to the as-of date in which it was so without a break
-- decisions: 80, 83
with

settings as (
    select * from params
),

rules as (
    select * from ref_alert_rules
    where is_enabled and measure = 'utilisation_ratio'
),

exposures as (
    select * from mart_exposure
    where credit_limit_amount >= 0 and exposure_amount > 0
),

fitting as (
    select
        exposures.*,
        rules.rule,
        exposures.credit_limit_amount * rules.threshold as floor_amount,
        bool_or(rules.rule = 'LIMIT_EXCEEDED') over (
            partition by exposures.entity_id, exposures.counterparty_id
        ) as is_exceeded,
    from exposures
    inner join rules
        on (
            rules.rule = 'LIMIT_EXCEEDED'
            and exposures.exposure_amount > exposures.credit_limit_amount * rules.threshold
        )
        or (
            rules.rule = 'LIMIT_90'
            and exposures.credit_limit_amount > 0
            and exposures.exposure_amount >= exposures.credit_limit_amount * rules.threshold
        )
),

-- who is beyond its limit is not told that it is nearly used up
hits as (
    select * from fitting
    where rule = 'LIMIT_EXCEEDED' or not is_exceeded
),

accounts as (
    select
        account_key,
        entity_id,
        counterparty_id,
    from int_accounts
    where side = 'customer'
),

hit_accounts as (
    select
        accounts.account_key,
        hits.entity_id,
        hits.counterparty_id,
    from hits
    inner join accounts
        on accounts.entity_id = hits.entity_id
        and accounts.counterparty_id = hits.counterparty_id
),

balances as not materialized (
    select
        int_item_balances.account_key,
        int_item_balances.valid_from,
        int_item_balances.valid_to,
        int_item_balances.balance_amount,
        settings.as_of,
    from int_item_balances
    cross join settings
    where int_item_balances.valid_from <= settings.as_of
),

orders as (
    select
        stg_erp__orders.entity_id,
        stg_erp__orders.counterparty_id,
        stg_erp__orders.order_date,
        stg_erp__orders.open_amount,
        stg_erp__orders.currency is null
        or stg_erp__orders.currency = project_entities.currency as is_own_currency,
    from stg_erp__orders
    inner join project_entities on project_entities.entity_no = stg_erp__orders.entity_no
    cross join settings
    where stg_erp__orders.order_date <= settings.as_of
),

order_parts as (
    select
        entity_id,
        counterparty_id,
        sum(open_amount) filter (where is_own_currency) as own_amount,
        coalesce(min(order_date) filter (where not is_own_currency), min(order_date))
            as foreign_date,
    from orders
    group by entity_id, counterparty_id
),

-- orders in other currencies count together, from the first of them
steps as (
    select
        hit_accounts.entity_id,
        hit_accounts.counterparty_id,
        balances.valid_from as step_date,
        balances.balance_amount as amount,
    from balances
    inner join hit_accounts on hit_accounts.account_key = balances.account_key
    union all
    select
        hit_accounts.entity_id,
        hit_accounts.counterparty_id,
        balances.valid_to as step_date,
        -balances.balance_amount as amount,
    from balances
    inner join hit_accounts on hit_accounts.account_key = balances.account_key
    where balances.valid_to <= balances.as_of
    union all
    select
        orders.entity_id,
        orders.counterparty_id,
        orders.order_date as step_date,
        orders.open_amount as amount,
    from orders
    where orders.is_own_currency
    union all
    select
        hits.entity_id,
        hits.counterparty_id,
        order_parts.foreign_date as step_date,
        hits.orders_amount - coalesce(order_parts.own_amount, 0) as amount,
    from hits
    inner join order_parts
        on order_parts.entity_id = hits.entity_id
        and order_parts.counterparty_id = hits.counterparty_id
),

step_days as (
    select
        entity_id,
        counterparty_id,
        step_date,
        sum(amount) as amount,
    from steps
    group by entity_id, counterparty_id, step_date
),

runs as (
    select
        entity_id,
        counterparty_id,
        step_date,
        sum(amount) over (
            partition by entity_id, counterparty_id order by step_date
        ) as exposure_amount,
    from step_days
),

ends as (
    select
        hits.entity_id,
        hits.counterparty_id,
        max(runs.step_date) as last_date,
    from hits
    inner join runs
        on runs.entity_id = hits.entity_id
        and runs.counterparty_id = hits.counterparty_id
    where
        runs.exposure_amount < hits.floor_amount
        or (hits.rule = 'LIMIT_EXCEEDED' and runs.exposure_amount = hits.floor_amount)
    group by hits.entity_id, hits.counterparty_id
),

begins as (
    select
        hits.entity_id,
        hits.counterparty_id,
        min(runs.step_date) as first_date,
    from hits
    inner join runs
        on runs.entity_id = hits.entity_id
        and runs.counterparty_id = hits.counterparty_id
    left join ends
        on ends.entity_id = hits.entity_id
        and ends.counterparty_id = hits.counterparty_id
    where ends.last_date is null or runs.step_date > ends.last_date
    group by hits.entity_id, hits.counterparty_id
),

final as (
    select
        hits.entity_id,
        'customer' as side,
        hits.counterparty_id,
        hits.rule,
        hits.credit_limit_amount,
        hits.exposure_amount,
        cast(hits.exposure_amount - hits.credit_limit_amount as decimal(18, 2)) as over_amount,
        begins.first_date as since_date,
    from hits
    inner join begins
        on begins.entity_id = hits.entity_id
        and begins.counterparty_id = hits.counterparty_id
)

select * from final
