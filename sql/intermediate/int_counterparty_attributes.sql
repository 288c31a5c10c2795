-- grain: one row per counterparty, attribute and source that has a value
-- key: counterparty_no, attribute, source
-- question: Which source says what about a customer or supplier, and which one counts?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   attribute: name of the attribute, see ref_attribute_precedence
--   source: where the value comes from
--   attribute_value: the value as text
--   rank_no: rank of the source for the attribute
--   is_compared: another value of a lower rank is a conflict
--   is_chosen: the value counts
-- decisions: 113, 125
with

keys as (
    select * from int_counterparty_keys
),

entities as (
    select * from project_entities
),

known as (
    select
        keys.counterparty_no,
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        known.* exclude (entity_no, entity_id, side, counterparty_id, credit_limit),
        -- a limit in another currency is no limit in this one
        case when coalesce(known.currency, entities.currency) = entities.currency
            then known.credit_limit end as credit_limit,
    from keys
    inner join entities on entities.entity_no = keys.entity_no
    inner join stg_erp__counterparties as known
        on known.entity_no = keys.entity_no
        and known.side = keys.side
        and known.counterparty_id = keys.counterparty_id
),

identities as (
    select * from int_identities
),

forms as (
    select * from ref_legal_forms
),

bands as (
    select * from ref_headcount_bands
),

-- the establishment that was identified, else the head office, of the register
places as (
    select
        identities.counterparty_no,
        establishments.postal_code,
        coalesce(establishments.city, establishments.city_abroad) as city,
        coalesce(establishments.country, 'FR') as country,
        trim(concat_ws(
            ' ', establishments.street_number, establishments.street_repetition,
            establishments.street_type, establishments.street_name
        )) as street,
        row_number() over (
            partition by identities.counterparty_no
            order by
                case when establishments.siret = identities.siret then 0 else 1 end,
                establishments.state, establishments.siret
        ) as place_no,
    from identities
    inner join stg_sirene__establishments as establishments
        on establishments.siren = identities.siren
    where
        establishments.siret = identities.siret
        or coalesce(establishments.is_head_office, false)
),

registered as (
    select
        identities.counterparty_no,
        coalesce(units.name, trim(concat_ws(' ', units.first_name, units.last_name))) as name,
        units.naf_code,
        coalesce(forms.form_fr, units.legal_form_code) as legal_form,
        coalesce(bands.headcount_band, units.headcount_band) as headcount_band,
        units.legal_state as legal_status,
        places.street,
        places.postal_code,
        places.city,
        places.country,
    from identities
    inner join stg_sirene__legal_units as units on units.siren = identities.siren
    left join forms on forms.legal_form_code = units.legal_form_code
    left join bands on bands.band_code = units.headcount_band
    left join places
        on places.counterparty_no = identities.counterparty_no
        and places.place_no = 1
),

names as (
    select * from int_ledger_names
),

told as (
    -- the word of a person
    select
        keys.counterparty_no,
        'person' as source,
        overrides.attribute,
        overrides.value as attribute_value,
    from attribute_overrides as overrides
    inner join keys
        on keys.entity_id = overrides.entity_id
        and keys.side = overrides.side
        and keys.counterparty_id = overrides.counterparty_id
    union all
    select
        counterparty_no,
        'erp' as source,
        unnest([
            {'attribute': 'name', 'attribute_value': name},
            {'attribute': 'siren', 'attribute_value': siren},
            {'attribute': 'siret', 'attribute_value': siret},
            {'attribute': 'vat_number', 'attribute_value': vat_number},
            {'attribute': 'country', 'attribute_value': country},
            {'attribute': 'street', 'attribute_value': street},
            {'attribute': 'postal_code', 'attribute_value': postal_code},
            {'attribute': 'city', 'attribute_value': city},
            {'attribute': 'email', 'attribute_value': email},
            {'attribute': 'phone', 'attribute_value': phone},
            {'attribute': 'parent_id', 'attribute_value': parent_id},
            {'attribute': 'account_manager', 'attribute_value': account_manager},
            {'attribute': 'credit_limit', 'attribute_value': cast(credit_limit as varchar)}
        ], recursive := true),
    from known
    union all
    select
        counterparty_no,
        'ledger' as source,
        'name' as attribute,
        name as attribute_value,
    from names
    union all
    select
        counterparty_no,
        'identity' as source,
        unnest([
            {'attribute': 'siren', 'attribute_value': siren},
            {'attribute': 'siret', 'attribute_value': siret}
        ], recursive := true),
    from identities
    union all
    select
        counterparty_no,
        'crm' as source,
        unnest([
            {'attribute': 'name', 'attribute_value': crm_name},
            {'attribute': 'siren', 'attribute_value': siren},
            {'attribute': 'siret', 'attribute_value': siret},
            {'attribute': 'vat_number', 'attribute_value': vat_number},
            {'attribute': 'country', 'attribute_value': country},
            {'attribute': 'street', 'attribute_value': street},
            {'attribute': 'postal_code', 'attribute_value': postal_code},
            {'attribute': 'city', 'attribute_value': city},
            {'attribute': 'email', 'attribute_value': email},
            {'attribute': 'phone', 'attribute_value': phone},
            {'attribute': 'account_manager', 'attribute_value': owner_name},
            {'attribute': 'credit_limit', 'attribute_value': cast(credit_limit as varchar)}
        ], recursive := true),
    from int_crm_counterparties
    union all
    select
        counterparty_no,
        'crm' as source,
        'parent_id' as attribute,
        parent_id as attribute_value,
    from int_crm_parents
    union all
    select
        counterparty_no,
        'sirene' as source,
        unnest([
            {'attribute': 'name', 'attribute_value': name},
            {'attribute': 'country', 'attribute_value': country},
            {'attribute': 'street', 'attribute_value': street},
            {'attribute': 'postal_code', 'attribute_value': postal_code},
            {'attribute': 'city', 'attribute_value': city},
            {'attribute': 'naf_code', 'attribute_value': naf_code},
            {'attribute': 'legal_form', 'attribute_value': legal_form},
            {'attribute': 'headcount_band', 'attribute_value': headcount_band},
            {'attribute': 'legal_status', 'attribute_value': legal_status}
        ], recursive := true),
    from registered
),

ranked as (
    select
        told.counterparty_no,
        told.attribute,
        told.source,
        told.attribute_value,
        precedence.rank_no,
        precedence.is_compared,
        -- an address is not put together from two sources; what a person says stands for itself
        case when told.attribute in ('street', 'postal_code', 'city') and told.source <> 'person'
            then 'address' else told.attribute end as choice,
        bool_or(told.source = 'person') over (
            partition by told.counterparty_no, told.attribute
        ) as has_person,
    from told
    inner join ref_attribute_precedence as precedence
        on precedence.attribute = told.attribute
        and precedence.source = told.source
    where trim(told.attribute_value) <> ''
),

best as (
    select
        counterparty_no,
        choice,
        min(rank_no) as rank_no,
    from ranked
    group by counterparty_no, choice
),

final as (
    select
        ranked.counterparty_no,
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        ranked.attribute,
        ranked.source,
        ranked.attribute_value,
        ranked.rank_no,
        ranked.is_compared,
        ranked.rank_no = best.rank_no and (ranked.source = 'person' or not ranked.has_person)
            as is_chosen,
    from ranked
    inner join keys on keys.counterparty_no = ranked.counterparty_no
    inner join best
        on best.counterparty_no = ranked.counterparty_no
        and best.choice = ranked.choice
)

select * from final
