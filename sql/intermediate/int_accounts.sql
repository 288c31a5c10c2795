-- grain: one row per third-party account of an entity
-- key: account_key
-- question: Whose account is it, and how does it count?
-- materialized: table
-- columns:
--   account_key: rank of the account over all entities
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   account: account number
--   aux_account: customer or supplier code, null where the account itself is the customer
--   side: customer or supplier
--   account_family: control account of the chart
--   counterparty_id: aux_account, else account
--   counterparty_no: rank of the counterparty by entity, side and identifier
--   is_aged: part of the open amount and of the ageing
--   in_dso: part of the receivable of DSO
--   item_kind: bill or retention, null for the rest
--   is_intercompany: the counterparty belongs to the group
-- decisions: 6
with

control_accounts as (
    select * from ref_control_accounts
),

intercompany as (
    select * from project_intercompany
),

entities as (
    select * from project_entities
),

accounts as (
    select
        entity_no,
        account,
        aux_account,
    from int_account_names
),

-- the longest prefix wins: 4117 before 411
numbers as (
    select distinct account from accounts
),

families as (
    select
        numbers.account,
        arg_max(
            control_accounts,
            (length(control_accounts.account_prefix), control_accounts.account_prefix)
        ) as family,
    from numbers
    inner join control_accounts
        on starts_with(numbers.account, control_accounts.account_prefix)
    group by numbers.account
),

keyed as (
    select
        row_number() over (
            order by accounts.entity_no, accounts.account, accounts.aux_account nulls first
        ) as account_key,
        accounts.entity_no,
        entities.entity_id,
        accounts.account,
        accounts.aux_account,
        families.family.side as side,
        cast(families.family.account_family as varchar) as account_family,
        coalesce(accounts.aux_account, accounts.account) as counterparty_id,
        families.family.is_aged as is_aged,
        families.family.in_dso as in_dso,
        families.family.item_kind as item_kind,
    from accounts
    inner join families on families.account = accounts.account
    inner join entities on entities.entity_no = accounts.entity_no
),

-- a pattern list is short: one semi-join
group_members as (
    select distinct keyed.account_key
    from keyed
    inner join intercompany
        on (intercompany.entity_id is null or intercompany.entity_id = keyed.entity_id)
        and (intercompany.side is null or intercompany.side = keyed.side)
        -- * and ? only: a bracket is a bracket
        and keyed.counterparty_id glob replace(intercompany.pattern, '[', '[[]')
),

final as (
    select
        cast(keyed.account_key as integer) as account_key,
        keyed.entity_no,
        keyed.entity_id,
        keyed.account,
        keyed.aux_account,
        keyed.side,
        keyed.account_family,
        keyed.counterparty_id,
        cast(dense_rank() over (
            order by keyed.entity_no, keyed.side, keyed.counterparty_id
        ) as integer) as counterparty_no,
        keyed.is_aged,
        keyed.in_dso,
        keyed.item_kind,
        group_members.account_key is not null as is_intercompany,
    from keyed
    left join group_members on group_members.account_key = keyed.account_key
)

select * from final
