-- grain: one row per entity, customer and kind of case that is open by the as-of date
-- key: entity_id, side, counterparty_id, case_type
-- sort: entity_id, side, counterparty_id, case_type
-- question: Which claims are to be declared by when, and which legal cases are running?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer
--   counterparty_id: code of the customer
--   counterparty_name: name of the customer
--   account_manager: who looks after it
--   case_type: procedure (insolvency) or legal case (ours against the customer)
--   status: procedure: to declare, declared, too late (the deadline has passed) or nothing owed;
--     legal case: running, or settled where nothing is overdue any more
--   opened_date: judgment that opens the procedure; first action of the legal case
--   published_date: publication of the judgment in the BODACC; null: not told by then
--   deadline_date: last day on which the claim may be declared; null for a legal case
--   is_deadline_assumed: counted from the judgment, as its publication is not told: too early
--   left_days: days until the deadline, negative after it; null where nothing is to be declared
--   declared_date: first day on which the claim was declared; null: not yet
--   last_action_date: last action since it was opened; null: none
--   principal_amount: procedure: items open on the eve of the judgment; legal case: overdue items;
--     currency of the entity
--   credit_amount: open credits on that eve, negative, to be set off, currency of the entity
--   interest_amount: late interest of the items, up to that eve, currency of the entity
--   fee_amount: recovery fees of the items, currency of the entity
--   claim_amount: items, interest and fees, credits not taken off, currency of the entity
--   is_intercompany: the customer belongs to the group
-- decisions: 59
with

settings as (
    select * from params
),

cases as (
    select
        *,
        principal_amount + interest_amount + fee_amount as claim_amount,
    from int_legal_cases
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

judged as (
    select
        cases.*,
        settings.as_of,
        case
            when cases.case_type = 'legal case' and cases.principal_amount > 0 then 'running'
            when cases.case_type = 'legal case' then 'settled'
            when cases.declared_date is not null then 'declared'
            when cases.principal_amount <= 0 then 'nothing owed'
            when cases.deadline_date < settings.as_of then 'too late'
            else 'to declare'
        end as status,
    from cases
    cross join settings
),

final as (
    select
        customers.entity_id,
        customers.side,
        customers.counterparty_id,
        names.counterparty_name,
        names.account_manager,
        judged.case_type,
        judged.status,
        judged.opened_date,
        judged.published_date,
        judged.deadline_date,
        judged.is_deadline_assumed,
        case when judged.status in ('to declare', 'too late')
            then cast(judged.deadline_date - judged.as_of as integer) end as left_days,
        judged.declared_date,
        judged.last_action_date,
        judged.principal_amount,
        judged.credit_amount,
        judged.interest_amount,
        judged.fee_amount,
        cast(judged.claim_amount as decimal(18, 2)) as claim_amount,
        customers.is_intercompany,
    from judged
    inner join customers on customers.counterparty_no = judged.counterparty_no
    left join names
        on names.entity_id = customers.entity_id
        and names.side = customers.side
        and names.counterparty_id = customers.counterparty_id
)

select * from final
