-- grain: one row per case or opportunity of a CRM whose account is known
-- key: kind, source, record_id
-- question: Of which account is a case or an opportunity?
-- materialized: view
-- columns:
--   kind: case or opportunity
--   source: source of the extract of the record
--   record_id: identifier of the case or opportunity
--   account_source: source of the extract of the account
--   crm_id: identifier of the account
-- decisions: 91
with

accounts as (
    select * from stg_crm__accounts
    where not coalesce(is_deleted, false)
),

named as (
    select
        'case' as kind,
        source,
        case_id as record_id,
        crm_id as reference,
    from stg_crm__cases
    where crm_id is not null
    union all
    select
        'opportunity' as kind,
        source,
        opportunity_id as record_id,
        crm_id as reference,
    from stg_crm__opportunities
    where crm_id is not null
),

-- the account of the same source, else that of the one source that knows it
by_identifier as (
    select
        named.*,
        accounts.source as account_source,
        accounts.crm_id,
    from named
    inner join accounts on accounts.crm_id = named.reference
    qualify
        accounts.source = named.source
        or count(*) over (partition by named.kind, named.source, named.record_id) = 1
),

-- reports give the name of the account where they do not give its identifier
by_name as (
    select
        named.*,
        accounts.source as account_source,
        accounts.crm_id,
    from named
    inner join accounts on lower(trim(accounts.name)) = lower(trim(named.reference))
    anti join by_identifier
        on by_identifier.kind = named.kind
        and by_identifier.source = named.source
        and by_identifier.record_id = named.record_id
    qualify count(*) over (partition by named.kind, named.source, named.record_id) = 1
),

final as (
    select kind, source, record_id, account_source, crm_id from by_identifier
    union all
    select kind, source, record_id, account_source, crm_id from by_name
)

select * from final
