-- grain: one row per account of a CRM and counterparty that it may be; one row where it is none
-- key: source, crm_id, counterparty_no
-- question: Which customer or supplier is an account of the CRM, and how is that known?
-- materialized: table
-- columns:
--   source: source of the extract of the account
--   crm_id: identifier in the CRM
--   counterparty_no: rank of the counterparty; null where the account is linked to none
--   link_method: code, siren, siret or vat; null where the account is linked to none
--   link_probability: probability of the link, 0 to 1; null where the account is linked to none
--   link_no: rank among the counterparties of the account, 1 is the one to which a case or an
--     opportunity goes; null where it is not linked
--   link_status: linked; superseded where another account speaks for the counterparty; none
--   code_status: what became of the code: found, unknown, ambiguous where several entities have it,
--     unknown_entity where its entity is not in encours.yaml; none where the account has no code
-- decisions: 90
with

accounts as (
    select
        stg_crm__accounts.*,
        nullif(upper(trim(stg_crm__accounts.account_number)), '') as counterparty_code,
        upper(nullif(trim(stg_crm__accounts.erp_entity_id), '')) as erp_entity,
    from stg_crm__accounts
    cross join params
    where
        not coalesce(stg_crm__accounts.is_deleted, false)
        and (
            stg_crm__accounts.created_on is null
            or stg_crm__accounts.created_on <= params.as_of
        )
),

entities as (
    select * from project_entities
),

counterparties as (
    select
        *,
        upper(trim(counterparty_id)) as counterparty_code,
    from int_counterparty_keys
),

identities as (
    select * from int_identities
),

placed as (
    select
        accounts.source,
        accounts.crm_id,
        accounts.counterparty_code,
        accounts.modified_on,
        coalesce(entities.entity_no, accounts.entity_no) as entity_no,
        accounts.erp_entity is not null and entities.entity_no is null as is_entity_unknown,
        case
            when length(regexp_replace(accounts.siren, '[^0-9]', '', 'g')) = 9
                then regexp_replace(accounts.siren, '[^0-9]', '', 'g')
            when length(regexp_replace(accounts.siret, '[^0-9]', '', 'g')) = 14
                then left(regexp_replace(accounts.siret, '[^0-9]', '', 'g'), 9)
            else nullif(regexp_extract(
                regexp_replace(upper(accounts.vat_number), '[^0-9A-Z]', '', 'g'),
                '^FR[0-9A-Z]{2}([0-9]{9})$', 1
            ), '')
        end as siren,
        case
            when length(regexp_replace(accounts.siren, '[^0-9]', '', 'g')) = 9 then 'siren'
            when length(regexp_replace(accounts.siret, '[^0-9]', '', 'g')) = 14 then 'siret'
            else 'vat'
        end as siren_method,
    from accounts
    left join entities on upper(entities.entity_id) = accounts.erp_entity
),

-- customers come before suppliers of the same code
coded as (
    select
        placed.source,
        placed.crm_id,
        placed.entity_no as asked_entity_no,
        counterparties.entity_no,
        counterparties.counterparty_no,
        placed.modified_on,
    from placed
    inner join counterparties on counterparties.counterparty_code = placed.counterparty_code
    where
        not placed.is_entity_unknown
        and (placed.entity_no is null or placed.entity_no = counterparties.entity_no)
    qualify rank() over (
        partition by placed.source, placed.crm_id order by counterparties.side
    ) = 1
),

by_code as (
    select
        *,
        min(entity_no) over (partition by source, crm_id)
        = max(entity_no) over (partition by source, crm_id) as is_certain,
    from coded
),

-- one account of the source and one customer of the entity have the number
identified_accounts as (
    select * from placed
    where siren is not null
    qualify count(*) over (partition by source, siren) = 1
),

identified_counterparties as (
    select
        identities.siren,
        identities.match_probability,
        counterparties.counterparty_no,
        counterparties.entity_no,
        counterparties.side,
    from identities
    inner join counterparties on counterparties.counterparty_no = identities.counterparty_no
    qualify count(*) over (
        partition by counterparties.entity_no, counterparties.side, identities.siren
    ) = 1
),

by_identity as (
    select
        accounts.source,
        accounts.crm_id,
        identified.counterparty_no,
        accounts.siren_method,
        identified.match_probability,
        accounts.modified_on,
    from identified_accounts as accounts
    inner join identified_counterparties as identified on identified.siren = accounts.siren
    anti join by_code
        on by_code.source = accounts.source
        and by_code.crm_id = accounts.crm_id
        and by_code.entity_no = identified.entity_no
    where
        not accounts.is_entity_unknown
        and (accounts.entity_no is null or accounts.entity_no = identified.entity_no)
    qualify rank() over (
        partition by accounts.source, accounts.crm_id order by identified.side
    ) = 1
),

-- the first method that knows a counterparty counts; what a person decides goes in front
candidates as (
    select
        2 as method_no,
        source,
        crm_id,
        counterparty_no,
        'code' as link_method,
        cast(1 as decimal(9, 6)) as link_probability,
        modified_on,
    from by_code
    where is_certain
    union all
    select
        3 as method_no,
        source,
        crm_id,
        counterparty_no,
        siren_method as link_method,
        match_probability as link_probability,
        modified_on,
    from by_identity
),

-- of several accounts of a counterparty the one that was changed last speaks for it
ranked as (
    select
        *,
        row_number() over (
            partition by counterparty_no
            order by method_no, modified_on desc nulls last, source, crm_id
        ) as account_no,
    from candidates
),

code_states as (
    select
        placed.source,
        placed.crm_id,
        case
            when placed.counterparty_code is null then 'none'
            when placed.is_entity_unknown then 'unknown_entity'
            when bool_and(by_code.is_certain) is null then 'unknown'
            when bool_and(by_code.is_certain) then 'found'
            else 'ambiguous'
        end as code_status,
    from placed
    left join by_code on by_code.source = placed.source and by_code.crm_id = placed.crm_id
    group by
        placed.source, placed.crm_id, placed.counterparty_code, placed.is_entity_unknown
),

final as (
    select
        code_states.source,
        code_states.crm_id,
        ranked.counterparty_no,
        ranked.link_method,
        ranked.link_probability,
        case when ranked.account_no = 1 then
            row_number() over (
                partition by code_states.source, code_states.crm_id, ranked.account_no
                order by ranked.method_no, ranked.counterparty_no
            )
        end as link_no,
        case
            when ranked.account_no = 1 then 'linked'
            when ranked.account_no > 1 then 'superseded'
            else 'none'
        end as link_status,
        code_states.code_status,
    from code_states
    left join ranked
        on ranked.source = code_states.source
        and ranked.crm_id = code_states.crm_id
)

select * from final
