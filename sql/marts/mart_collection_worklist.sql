-- grain: one row per entity and customer with something to do at the as-of date
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: Whom to chase today, in which order, why, and how?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer
--   counterparty_id: code of the customer
--   counterparty_name: name of the customer
--   rank_no: place in the list of the entity, 1 first
--   priority: of the rule that applies, 1 first
--   action: what to do next
--   reason: situation that asks for it: claim, dispute, promise broken, promise due, follow up,
--     legal case due, letter due, call due or overdue
--   reason_amount: amount that it is about, currency of the entity
--   reason_days: days since it holds; of a claim days left, of a promise days since the promised
--     day
--   reason_count: disputes, promises or items behind it
--   reasons: all situations that hold, by name
--   rule_no: line of action_rules.csv
--   at_risk_amount: overdue items less open credits, not below 0, currency of the entity
--   slip_ratio: probability that they come 30 days late: share of the amounts of twelve months that
--     did, its own pooled with that of all customers of the entity, 0 to 1
--   expected_slip_amount: at_risk_amount x slip_ratio, currency of the entity
--   overdue_amount: overdue items, currency of the entity
--   oldest_overdue_days: days overdue of the oldest item
--   reached_level: highest level of reminding that was done, 0: none
--   due_level: level that is due; null: none
--   last_action_date: last action; null: none
--   last_action_kind: its kind
--   next_action_date: when to act again, as the last action says
--   segment: segment; null, segments are not computed
--   risk_class: class of the score, N where there is too little history
--   account_manager: who looks after the customer
--   contact_name: person to ask for
--   contact_phone: telephone number
--   contact_email: e-mail address
--   contact_language: fr or en
--   is_intercompany: the customer belongs to the group
--   search_text: code and name, in small letters and without accents
-- decisions: 56, 58
with

settings as (
    select * from params
),

situations as (
    select * from int_collection_situations
),

dunning as (
    select * from int_dunning
),

classes as (
    select * from int_collection_classes
),

rules as (
    select * from ref_action_rules
),

contacts as (
    select * from int_customer_contacts
),

customers as (
    select
        counterparty_no,
        min(entity_id) as entity_id,
        min(side) as side,
        min(counterparty_id) as counterparty_id,
        bool_or(is_intercompany) as is_intercompany,
    from int_accounts
    where side = 'customer'
    group by counterparty_no
),

names as (
    select * from dim_counterparties
),

behaviour as (
    select * from mart_payment_behaviour
    where side = 'customer'
),

pools as (
    select
        entity_id,
        sum(paid_late_30_12m_ratio * paid_12m_amount) / nullif(sum(paid_12m_amount), 0)
            as late_ratio,
    from behaviour
    where paid_late_30_12m_ratio is not null
    group by entity_id
),

last_actions as (
    select
        counterparty_no,
        action_date,
        kind,
        next_action_date,
    from (
        select
            counterparty_no,
            action_date,
            kind,
            next_action_date,
            row_number() over (
                partition by counterparty_no order by action_date desc, action_id desc, item_key
            ) as rank_no,
        from int_collection_actions
        where counterparty_no is not null
    )
    where rank_no = 1
),

-- fans out on purpose: the lines that fit; the first of them is kept
ruled as (
    select
        situations.*,
        rules.rule_no,
        rules.action,
        rules.priority,
        row_number() over (
            partition by situations.counterparty_no order by rules.rule_no
        ) as rank_no,
    from situations
    cross join settings
    left join classes on classes.counterparty_no = situations.counterparty_no
    left join dunning on dunning.counterparty_no = situations.counterparty_no
    left join last_actions on last_actions.counterparty_no = situations.counterparty_no
    inner join rules
        on rules.situation = situations.situation
        and (rules.segment = '*' or rules.segment = classes.segment)
        and (
            rules.risk_class = '*'
            or rules.risk_class = classes.risk_class
            or rules.risk_class = classes.policy_class
        )
        and coalesce(dunning.oldest_overdue_days, 0) >= coalesce(rules.from_days, 0)
        and (rules.to_days is null or coalesce(dunning.oldest_overdue_days, 0) <= rules.to_days)
        and coalesce(dunning.reached_level, 0) >= coalesce(rules.from_level, 0)
        and (rules.to_level is null or coalesce(dunning.reached_level, 0) <= rules.to_level)
        and (
            last_actions.action_date is null
            or settings.as_of - last_actions.action_date >= rules.quiet_days
        )
),

all_reasons as (
    select
        counterparty_no,
        string_agg(situation, ', ' order by situation) as reasons,
    from situations
    group by counterparty_no
),

weighed as (
    select
        ruled.*,
        all_reasons.reasons,
        customers.entity_id,
        customers.side,
        customers.counterparty_id,
        customers.is_intercompany,
        coalesce(dunning.overdue_amount, 0) as overdue_amount,
        coalesce(dunning.oldest_overdue_days, 0) as oldest_overdue_days,
        coalesce(dunning.reached_level, 0) as reached_level,
        dunning.due_level,
        greatest(0, coalesce(dunning.overdue_amount + dunning.credit_amount, 0)) as at_risk_amount,
        cast(coalesce(
            (
                coalesce(behaviour.paid_12m_count * behaviour.paid_late_30_12m_ratio, 0)
                + forecast_rules.pooling_payments * pools.late_ratio
            ) / (
                case when behaviour.paid_late_30_12m_ratio is null then 0
                    else behaviour.paid_12m_count end
                + forecast_rules.pooling_payments
            ),
            1
        ) as decimal(9, 6)) as slip_ratio,
        last_actions.action_date as last_action_date,
        last_actions.kind as last_action_kind,
        last_actions.next_action_date,
    from ruled
    cross join int_forecast_rules as forecast_rules
    inner join customers on customers.counterparty_no = ruled.counterparty_no
    inner join all_reasons on all_reasons.counterparty_no = ruled.counterparty_no
    left join dunning on dunning.counterparty_no = ruled.counterparty_no
    left join last_actions on last_actions.counterparty_no = ruled.counterparty_no
    left join behaviour
        on behaviour.entity_id = customers.entity_id
        and behaviour.counterparty_id = customers.counterparty_id
    left join pools on pools.entity_id = customers.entity_id
    where ruled.rank_no = 1
),

priced as (
    select
        *,
        cast(at_risk_amount * slip_ratio as decimal(18, 2)) as expected_slip_amount,
    from weighed
),

final as (
    select
        priced.entity_id,
        priced.side,
        priced.counterparty_id,
        names.counterparty_name,
        row_number() over (
            partition by priced.entity_id
            order by
                priced.priority,
                priced.expected_slip_amount desc,
                priced.situation_amount desc,
                priced.counterparty_id
        ) as rank_no,
        priced.priority,
        priced.action,
        priced.situation as reason,
        priced.situation_amount as reason_amount,
        priced.situation_days as reason_days,
        priced.situation_count as reason_count,
        priced.reasons,
        priced.rule_no,
        cast(priced.at_risk_amount as decimal(18, 2)) as at_risk_amount,
        priced.slip_ratio,
        priced.expected_slip_amount,
        cast(priced.overdue_amount as decimal(18, 2)) as overdue_amount,
        priced.oldest_overdue_days,
        priced.reached_level,
        priced.due_level,
        priced.last_action_date,
        priced.last_action_kind,
        priced.next_action_date,
        classes.segment,
        classes.risk_class,
        names.account_manager,
        contacts.contact_name,
        contacts.phone as contact_phone,
        contacts.email as contact_email,
        contacts.language as contact_language,
        priced.is_intercompany,
        strip_accents(lower(
            priced.counterparty_id || ' ' || coalesce(names.counterparty_name, '')
        )) as search_text,
    from priced
    left join classes on classes.counterparty_no = priced.counterparty_no
    left join contacts on contacts.counterparty_no = priced.counterparty_no
    left join names
        on names.entity_id = priced.entity_id
        and names.side = priced.side
        and names.counterparty_id = priced.counterparty_id
)

select * from final
