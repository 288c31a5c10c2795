-- severity: warn
-- sentence: These covers of credit insurers are in no figure, or only in part: no customer of the
--   entity has their code or SIREN, their currency is not that of the entity, or several customers
--   share them. Correct the code, or name each customer by its own.
with

covers as (
    select * from stg_insurers__covers
),

identities as (
    select
        entity_id,
        siren,
        count(*) as code_count,
    from int_identities
    where side = 'customer'
    group by entity_id, siren
),

found as (
    select
        covers.entity_id,
        covers.policy_id,
        covers.counterparty_id,
        covers.siren,
        covers.valid_from,
        case
            when covers.counterparty_id is not null and codes.counterparty_no is null
                then 'no customer has this code'
            when covers.counterparty_id is null and identities.siren is null
                then 'no customer has this SIREN'
            when covers.counterparty_id is null and identities.code_count > 1
                then 'customers that share it: ' || identities.code_count
            when covers.currency is not null and covers.currency <> entities.currency
                then 'its currency is ' || covers.currency
        end as problem,
    from covers
    inner join project_entities as entities on entities.entity_no = covers.entity_no
    left join int_customer_codes as codes
        on codes.entity_no = covers.entity_no
        and codes.counterparty_code = upper(trim(covers.counterparty_id))
    left join identities
        on identities.entity_id = covers.entity_id
        and identities.siren = lpad(regexp_replace(covers.siren, '[^0-9]', '', 'g'), 9, '0')
)

select
    entity_id,
    policy_id,
    counterparty_id,
    siren,
    valid_from,
    problem,
from found
where problem is not null
