-- grain: one row per customer and kind of case that is open by the as-of date
-- key: counterparty_no, case_type
-- question: Which customers are in an insolvency procedure or in court, and what is to be declared?
-- materialized: view
-- columns:
--   counterparty_no: customer, see int_accounts
--   case_type: procedure or legal case
--   opened_date: judgment that opens the procedure; first action of the legal case
--   published_date: publication of the judgment; null: not told
--   deadline_date: last day on which the claim may be declared; null for a legal case
--   is_deadline_assumed: counted from the judgment, as its publication is not told: too early
--   declared_date: first day on which the claim was declared; null: not yet
--   last_action_date: last action since it was opened; null: none
--   principal_amount: open items at the eve of the judgment; for a legal case what is overdue now
--   credit_amount: open credits at the eve of the judgment, negative; 0 for a legal case
--   interest_amount: late interest of the items up to that eve; for a legal case up to now
--   fee_amount: recovery fees of the items
-- decisions: 59, 103
with

settings as (
    select * from params
),

accounts as (
    select * from int_accounts
    where side = 'customer' and is_aged
),

customers as (
    select distinct
        counterparty_no,
        entity_no,
        entity_id,
        counterparty_id,
    from accounts
),

deadlines as (
    select * from ref_claim_deadlines
),

-- the judgment as it was known at the as-of date; a publication after it is not known yet
procedures as (
    select
        customers.counterparty_no,
        insolvencies.opened_on as opened_date,
        case when insolvencies.published_on <= settings.as_of then insolvencies.published_on end
            as published_date,
        coalesce(own.months, common.months) as deadline_months,
    from int_insolvencies as insolvencies
    cross join settings
    inner join customers on customers.counterparty_no = insolvencies.counterparty_no
    left join deadlines as own on own.entity_id = customers.entity_id
    left join deadlines as common on common.entity_id is null
    where
        insolvencies.is_open
        and insolvencies.known_from <= settings.as_of
        and (insolvencies.known_to is null or insolvencies.known_to > settings.as_of)
),

actions as (
    select distinct
        counterparty_no,
        action_id,
        action_date,
        kind,
    from int_collection_actions
),

declared as (
    select
        procedures.counterparty_no,
        min(actions.action_date) filter (where actions.kind = 'claim declared') as declared_date,
        max(actions.action_date) as last_action_date,
    from procedures
    inner join actions
        on actions.counterparty_no = procedures.counterparty_no
        and actions.action_date >= procedures.opened_date
    group by procedures.counterparty_no
),

roots as (
    select * from int_item_roots
),

late as (
    select * from int_late_chains
),

open_then as (
    select
        procedures.counterparty_no,
        coalesce(roots.root_key, balances.item_key) as root_key,
        sum(greatest(balances.balance_amount, 0)) as principal_amount,
        sum(least(balances.balance_amount, 0)) as credit_amount,
    from procedures
    inner join accounts on accounts.counterparty_no = procedures.counterparty_no
    inner join int_item_balances as balances
        on balances.account_key = accounts.account_key
        and balances.valid_from < procedures.opened_date
        and (balances.valid_to is null or balances.valid_to >= procedures.opened_date)
    inner join int_items as items on items.item_key = balances.item_key
    left join roots on roots.item_key = balances.item_key
    where balances.is_aged and items.issue_date < procedures.opened_date
    group by procedures.counterparty_no, coalesce(roots.root_key, balances.item_key)
),

claims as (
    select
        open_then.counterparty_no,
        sum(open_then.principal_amount) as principal_amount,
        sum(open_then.credit_amount) as credit_amount,
        sum(late.interest_amount) filter (where open_then.principal_amount > 0) as interest_amount,
        sum(late.fee_amount) filter (where open_then.principal_amount > 0) as fee_amount,
    from open_then
    left join late on late.root_key = open_then.root_key
    group by open_then.counterparty_no
),

sued as (
    select
        counterparty_no,
        min(action_date) filter (where kind = 'legal case') as opened_date,
        max(action_date) as last_action_date,
    from actions
    where counterparty_no is not null
    group by counterparty_no
    having count(*) filter (where kind = 'legal case') > 0
),

overdue_roots as (
    select
        dunning_items.counterparty_no,
        coalesce(roots.root_key, dunning_items.item_key) as root_key,
        sum(dunning_items.open_amount) as principal_amount,
    from int_dunning_items as dunning_items
    left join roots on roots.item_key = dunning_items.item_key
    group by dunning_items.counterparty_no, coalesce(roots.root_key, dunning_items.item_key)
),

overdue as (
    select
        overdue_roots.counterparty_no,
        sum(overdue_roots.principal_amount) as principal_amount,
        sum(late.interest_amount) as interest_amount,
        sum(late.fee_amount) as fee_amount,
    from overdue_roots
    left join late on late.root_key = overdue_roots.root_key
    group by overdue_roots.counterparty_no
),

final as (
    select
        procedures.counterparty_no,
        'procedure' as case_type,
        procedures.opened_date,
        procedures.published_date,
        cast(
            coalesce(procedures.published_date, procedures.opened_date)
            + to_months(procedures.deadline_months)
            as date
        ) as deadline_date,
        procedures.published_date is null as is_deadline_assumed,
        declared.declared_date,
        declared.last_action_date,
        cast(coalesce(claims.principal_amount, 0) as decimal(18, 2)) as principal_amount,
        cast(coalesce(claims.credit_amount, 0) as decimal(18, 2)) as credit_amount,
        cast(coalesce(claims.interest_amount, 0) as decimal(18, 2)) as interest_amount,
        cast(coalesce(claims.fee_amount, 0) as decimal(18, 2)) as fee_amount,
    from procedures
    left join declared on declared.counterparty_no = procedures.counterparty_no
    left join claims on claims.counterparty_no = procedures.counterparty_no
    union all
    select
        sued.counterparty_no,
        'legal case' as case_type,
        sued.opened_date,
        null as published_date,
        null as deadline_date,
        false as is_deadline_assumed,
        null as declared_date,
        sued.last_action_date,
        cast(coalesce(overdue.principal_amount, 0) as decimal(18, 2)) as principal_amount,
        cast(0 as decimal(18, 2)) as credit_amount,
        cast(coalesce(overdue.interest_amount, 0) as decimal(18, 2)) as interest_amount,
        cast(coalesce(overdue.fee_amount, 0) as decimal(18, 2)) as fee_amount,
    from sued
    left join overdue on overdue.counterparty_no = sued.counterparty_no
)

select * from final
