-- grain: one row per account of a CRM
-- key: source, crm_id
-- sort: source, crm_id
-- question: What should sales know of each account: risk, exposure, what is late and disputed?
-- materialized: table
-- columns:
--   entity_id: always group
--   source: source of the extract of the account
--   crm_id: identifier in the CRM
--   crm_name: name in the CRM
--   account_number: code of the customer as the CRM gives it
--   owner_name: salesperson who owns the account
--   account_type: customer, prospect, partner …, in the words of the CRM
--   link_status: linked to a customer or supplier of a ledger; superseded where another account
--     speaks for it; none: a prospect, or a code that no ledger has
--   code_status: what became of the code: found, unknown, ambiguous where several entities have it,
--     unknown_entity; none where the account has no code
--   link_method: what links it: code, siren, siret or vat; of several the first
--   link_probability: the least probability of its links, 0 to 1
--   counterparties: the customers behind it as entity/code, by entity and code
--   counterparty_count: how many they are
--   member_id: the entity, where there is one customer
--   counterparty_id: its code, where there is one customer
--   currency: currency of the group, of every amount here
--   risk_class: worst class of them, A to E; N where none has enough history; null where none is
--     there at the as-of date
--   score: least score of them, 0 to 100; null where none has enough history
--   exposure_amount: what would be lost if they failed, currency of the group; null where a rate is
--     missing
--   open_amount: open items less open credits, currency of the group
--   overdue_amount: open items past due, currency of the group
--   oldest_overdue_days: days overdue of the oldest overdue item, 0 where nothing is overdue
--   open_dispute_count: disputes that are open
--   in_dispute_amount: what is disputed of them, as far as it is known, currency of the group
--   limit_amount: granted limits, else recommended ones, currency of the group; null where one is
--     not known
--   granted_limit_amount: granted limits, currency of the group; null where one has none
--   recommended_limit_amount: limits by the rules, currency of the group; null where one is not
--     known
--   available_amount: limit less exposure, negative where it is exceeded, currency of the group
--   legal_severity: severity of the worst legal event that counts, 0 to 10; null: none
--   legal_status: legal status of them; several are set apart by commas; null: not known
--   pipeline_amount: open opportunities of the account times their probability, currency of the
--     group; null where a rate is missing
--   missing_currencies: currencies without a rate to that of the group; null where none is missing
--   as_of_date: day of the figures
--   search_text: identifier, code and name, in small letters and without accents
-- decisions: 46, 90, 92, 93
with

settings as (
    select * from params
),

accounts as (
    select * from stg_crm__accounts
    where not coalesce(is_deleted, false)
),

links as (
    select * from int_crm_links
),

keys as (
    select * from int_counterparty_keys
),

entities as (
    select * from project_entities
),

rates as (
    select * from int_closing_rates
),

counterparties as (
    select * from dim_counterparties
),

scores as (
    select * from mart_risk_scores
),

limits as (
    select * from mart_risk_limits
),

balances as (
    select * from mart_counterparty_balances
),

disputes as (
    select
        entity_id,
        upper(trim(counterparty_id)) as counterparty_code,
        count(*) as open_dispute_count,
        coalesce(sum(in_dispute_amount), 0) as in_dispute_amount,
    from mart_disputes
    where is_open
    group by entity_id, upper(trim(counterparty_id))
),

owners as (
    select
        accounts.source,
        accounts.crm_id,
        users.name,
    from accounts
    inner join stg_crm__users as users on users.user_id = accounts.owner_id
    qualify
        users.source = accounts.source
        or count(*) over (partition by accounts.source, accounts.crm_id) = 1
),

-- what an account may be one of: a superseded one shows the customer as well
members as (
    select
        links.source,
        links.crm_id,
        links.link_no,
        links.link_method,
        links.link_probability,
        keys.counterparty_no,
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        entities.currency,
        case when entities.currency = settings.currency then 1 else rates.from_units end
            as from_units,
        case when entities.currency = settings.currency then 1 else rates.to_units end as to_units,
    from links
    inner join keys on keys.counterparty_no = links.counterparty_no
    inner join entities on entities.entity_no = keys.entity_no
    cross join settings
    left join rates
        on rates.from_currency = entities.currency
        and rates.to_currency = settings.currency
),

figures as (
    select
        members.*,
        scores.risk_class,
        scores.score,
        scores.legal_severity,
        counterparties.legal_status,
        coalesce(balances.oldest_overdue_days, 0) as oldest_overdue_days,
        coalesce(disputes.open_dispute_count, 0) as open_dispute_count,
        case when limits.entity_id is null then 0 else limits.exposure_amount end
            as exposure_amount,
        coalesce(limits.limit_amount, counterparties.credit_limit_amount) as limit_amount,
        counterparties.credit_limit_amount as granted_limit_amount,
        limits.recommended_limit_amount,
        coalesce(balances.open_amount, 0) as open_amount,
        coalesce(balances.overdue_amount, 0) as overdue_amount,
        coalesce(disputes.in_dispute_amount, 0) as in_dispute_amount,
    from members
    left join counterparties
        on counterparties.entity_id = members.entity_id
        and counterparties.side = members.side
        and counterparties.counterparty_id = members.counterparty_id
    left join scores
        on scores.entity_id = members.entity_id
        and scores.side = members.side
        and scores.counterparty_id = members.counterparty_id
    left join limits
        on limits.entity_id = members.entity_id
        and limits.side = members.side
        and limits.counterparty_id = members.counterparty_id
    left join balances
        on balances.entity_id = members.entity_id
        and balances.side = members.side
        and balances.counterparty_id = members.counterparty_id
    left join disputes
        on disputes.entity_id = members.entity_id
        and disputes.counterparty_code = upper(trim(members.counterparty_id))
        and members.side = 'customer'
),

-- one amount per line, so that they are translated in one place: rounded half away from zero
amounts as (
    select
        source,
        crm_id,
        from_units,
        to_units,
        unnest([
            'exposure', 'limit', 'granted', 'recommended', 'open', 'overdue', 'disputed'
        ]) as measure,
        unnest([
            cast(exposure_amount as decimal(18, 2)), cast(limit_amount as decimal(18, 2)),
            cast(granted_limit_amount as decimal(18, 2)),
            cast(recommended_limit_amount as decimal(18, 2)),
            cast(open_amount as decimal(18, 2)), cast(overdue_amount as decimal(18, 2)),
            cast(in_dispute_amount as decimal(18, 2))
        ]) as amount,
    from figures
),

translated as (
    select
        source,
        crm_id,
        measure,
        count(amount) as amount_count,
        bool_or(from_units is null or to_units is null) as is_rate_missing,
        sum(cast(
            sign(amount)
            * ((2 * cast(abs(amount) * 100 as hugeint) * to_units + from_units) // (2 * from_units))
            * 0.01 as decimal(18, 2)
        )) as group_amount,
    from amounts
    group by source, crm_id, measure
),

sums as (
    select
        source,
        crm_id,
        max(amount_count) filter (where measure = 'exposure') as exposure_count,
        max(amount_count) filter (where measure = 'limit') as limit_count,
        max(amount_count) filter (where measure = 'granted') as granted_count,
        max(amount_count) filter (where measure = 'recommended') as recommended_count,
        max(group_amount) filter (where measure = 'exposure' and not is_rate_missing)
            as exposure_amount,
        max(group_amount) filter (where measure = 'limit' and not is_rate_missing)
            as limit_amount,
        max(group_amount) filter (where measure = 'granted' and not is_rate_missing)
            as granted_limit_amount,
        max(group_amount) filter (where measure = 'recommended' and not is_rate_missing)
            as recommended_limit_amount,
        max(group_amount) filter (where measure = 'open' and not is_rate_missing) as open_amount,
        max(group_amount) filter (where measure = 'overdue' and not is_rate_missing)
            as overdue_amount,
        max(group_amount) filter (where measure = 'disputed' and not is_rate_missing)
            as in_dispute_amount,
    from translated
    group by source, crm_id
),

grouped as (
    select
        source,
        crm_id,
        min(link_probability) as link_probability,
        arg_min(link_method, row(coalesce(link_no, 0), counterparty_no)) as link_method,
        string_agg(entity_id || '/' || counterparty_id, ', ' order by entity_id, counterparty_id)
            as counterparties,
        count(*) as counterparty_count,
        min(entity_id) as member_id,
        min(counterparty_id) as counterparty_id,
        coalesce(
            max(risk_class) filter (where risk_class <> 'N'), max(risk_class)
        ) as risk_class,
        min(score) as score,
        max(legal_severity) as legal_severity,
        string_agg(distinct legal_status, ', ' order by legal_status) as legal_status,
        max(oldest_overdue_days) as oldest_overdue_days,
        sum(open_dispute_count) as open_dispute_count,
        string_agg(distinct currency, ', ' order by currency) filter (where to_units is null)
            as missing_currencies,
    from figures
    group by source, crm_id
),

states as (
    select
        source,
        crm_id,
        min(case link_status when 'linked' then 1 when 'superseded' then 2 else 3 end) as state_no,
        min(code_status) as code_status,
    from links
    group by source, crm_id
),

pipelines as (
    select
        account_source,
        crm_id,
        case when bool_and(group_amount is not null) then sum(group_amount) end as pipeline_amount,
        string_agg(distinct currency, ', ' order by currency) filter (where group_amount is null)
            as missing_currencies,
    from int_crm_opportunities
    where account_source is not null and weighted_amount is not null
    group by account_source, crm_id
),

final as (
    select
        'group' as entity_id,
        accounts.source,
        accounts.crm_id,
        accounts.name as crm_name,
        accounts.account_number,
        coalesce(owners.name, accounts.owner_name) as owner_name,
        accounts.account_type,
        case states.state_no when 1 then 'linked' when 2 then 'superseded' else 'none' end
            as link_status,
        states.code_status,
        grouped.link_method,
        grouped.link_probability,
        grouped.counterparties,
        cast(coalesce(grouped.counterparty_count, 0) as integer) as counterparty_count,
        case when grouped.counterparty_count = 1 then grouped.member_id end as member_id,
        case when grouped.counterparty_count = 1 then grouped.counterparty_id end
            as counterparty_id,
        settings.currency,
        grouped.risk_class,
        grouped.score,
        cast(case when sums.exposure_count = grouped.counterparty_count
            then sums.exposure_amount end as decimal(18, 2)) as exposure_amount,
        cast(sums.open_amount as decimal(18, 2)) as open_amount,
        cast(sums.overdue_amount as decimal(18, 2)) as overdue_amount,
        cast(grouped.oldest_overdue_days as integer) as oldest_overdue_days,
        cast(grouped.open_dispute_count as integer) as open_dispute_count,
        cast(sums.in_dispute_amount as decimal(18, 2)) as in_dispute_amount,
        cast(case when sums.limit_count = grouped.counterparty_count
            then sums.limit_amount end as decimal(18, 2)) as limit_amount,
        cast(case when sums.granted_count = grouped.counterparty_count
            then sums.granted_limit_amount end as decimal(18, 2)) as granted_limit_amount,
        cast(case when sums.recommended_count = grouped.counterparty_count
            then sums.recommended_limit_amount end as decimal(18, 2))
            as recommended_limit_amount,
        cast(case when
            sums.limit_count = grouped.counterparty_count
            and sums.exposure_count = grouped.counterparty_count
            then sums.limit_amount - sums.exposure_amount end as decimal(18, 2))
            as available_amount,
        grouped.legal_severity,
        grouped.legal_status,
        cast(case when pipelines.crm_id is null then 0 else pipelines.pipeline_amount end
            as decimal(18, 2)) as pipeline_amount,
        coalesce(grouped.missing_currencies, pipelines.missing_currencies) as missing_currencies,
        settings.as_of as as_of_date,
        lower(strip_accents(concat_ws(
            ' | ', accounts.crm_id, accounts.account_number, accounts.name, grouped.counterparties
        ))) as search_text,
    from accounts
    cross join settings
    -- an account that was created after the as-of date has no state
    inner join states on states.source = accounts.source and states.crm_id = accounts.crm_id
    left join owners on owners.source = accounts.source and owners.crm_id = accounts.crm_id
    left join grouped on grouped.source = accounts.source and grouped.crm_id = accounts.crm_id
    left join sums on sums.source = accounts.source and sums.crm_id = accounts.crm_id
    left join pipelines
        on pipelines.account_source = accounts.source
        and pipelines.crm_id = accounts.crm_id
)

select * from final
