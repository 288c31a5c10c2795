-- grain: one row per counterparty whose account in a CRM has a parent
-- key: counterparty_no
-- question: Under which company does the CRM keep a customer or supplier?
-- materialized: view
-- columns:
--   counterparty_no: rank of the counterparty
--   parent_id: code of the nearest account above that is a counterparty of the entity and side,
--     else the name of the account at the top
-- decisions: 126
with recursive

counterparties as (
    select * from int_crm_counterparties
),

accounts as (
    select
        source,
        crm_id,
        parent_crm_id,
        name,
    from stg_crm__accounts
    where not coalesce(is_deleted, false)
),

-- an account that is above itself ends the way
walked as (
    select
        counterparties.counterparty_no,
        counterparties.entity_id,
        counterparties.side,
        counterparties.source,
        counterparties.parent_crm_id as above_id,
        [counterparties.crm_id] as seen,
    from counterparties
    where counterparties.parent_crm_id is not null
    union all
    select
        walked.counterparty_no,
        walked.entity_id,
        walked.side,
        walked.source,
        accounts.parent_crm_id as above_id,
        list_append(walked.seen, walked.above_id) as seen,
    from walked
    inner join accounts on accounts.source = walked.source and accounts.crm_id = walked.above_id
    where
        accounts.parent_crm_id is not null
        and not list_contains(walked.seen, walked.above_id)
),

named as (
    select
        walked.counterparty_no,
        len(walked.seen) as level_no,
        coalesce(parents.counterparty_id, accounts.name, walked.above_id) as parent_id,
        parents.counterparty_id is not null as is_counterparty,
    from walked
    left join accounts on accounts.source = walked.source and accounts.crm_id = walked.above_id
    left join counterparties as parents
        on parents.entity_id = walked.entity_id
        and parents.side = walked.side
        and parents.source = walked.source
        and parents.crm_id = walked.above_id
        and parents.counterparty_no <> walked.counterparty_no
    -- an account that stands above itself is no parent
    where walked.above_id <> walked.seen[1]
),

final as (
    select
        counterparty_no,
        parent_id,
    from named
    qualify row_number() over (
        partition by counterparty_no
        order by
            is_counterparty desc,
            case when is_counterparty then level_no else -level_no end,
            parent_id
    ) = 1
)

select * from final
