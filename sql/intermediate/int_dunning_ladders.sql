-- grain: one row per customer and level of reminding
-- key: counterparty_no, level
-- question: Which levels of reminding does a customer go through?
-- materialized: view
-- columns:
--   counterparty_no: customer, see int_accounts
--   level: 1, 2, 3 …
--   policy_segment: segment of the lines of ref_dunning_policy that count for the customer
--   policy_class: class of these lines
--   after_days: days after the due date from which the level is due
--   wait_days: days that must have passed since the level before was done
--   minimum_amount: nothing is sent for less, currency of the entity
--   kind: reminder, call, formal notice or legal case
--   channel: letter, e-mail, phone or none
-- decisions: 56
with

customers as (
    select
        accounts.counterparty_no,
        classes.segment,
        classes.risk_class,
        classes.policy_class,
    from (
        select distinct counterparty_no
        from int_accounts
        where side = 'customer' and is_aged
    ) as accounts
    left join int_collection_classes as classes
        on classes.counterparty_no = accounts.counterparty_no
),

ladders as (
    select distinct
        segment,
        risk_class,
    from ref_dunning_policy
),

-- there are few kinds of customers
kinds as (
    select distinct
        segment,
        risk_class,
        policy_class,
    from customers
),

-- the segment says more than the class, the class more than the one whose rules it borrows
ranked as (
    select
        kinds.segment,
        kinds.risk_class,
        ladders.segment as policy_segment,
        ladders.risk_class as policy_class,
        row_number() over (
            partition by kinds.segment, kinds.risk_class, kinds.policy_class
            order by
                ladders.segment = '*',
                ladders.risk_class = '*',
                ladders.risk_class is distinct from kinds.risk_class
        ) as rank_no,
    from kinds
    inner join ladders
        on (ladders.segment = '*' or ladders.segment = kinds.segment)
        and (
            ladders.risk_class = '*'
            or ladders.risk_class = kinds.risk_class
            or ladders.risk_class = kinds.policy_class
        )
),

final as (
    select
        customers.counterparty_no,
        policy.level,
        policy.segment as policy_segment,
        policy.risk_class as policy_class,
        policy.after_days,
        policy.wait_days,
        policy.minimum_amount,
        policy.kind,
        policy.channel,
    from customers
    inner join ranked
        on ranked.segment is not distinct from customers.segment
        and ranked.risk_class is not distinct from customers.risk_class
        and ranked.rank_no = 1
    inner join ref_dunning_policy as policy
        on policy.segment = ranked.policy_segment
        and policy.risk_class = ranked.policy_class
)

select * from final
