-- grain: one row per entity, side, counterparty and date of a rating
-- key: entity_id, side, counterparty_id, rating_date
-- question: What do rating agencies say of a counterparty, and since when?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   rating_date: day from which the rating counts, until the next one
--   external_score: score of the agency, 0 to 100, 100 is best
--   external_class: its class, A to E
--   provider: the agency that counts from that day; accounts: reckoned from the accounts
-- decisions: 16, 54, 108, 110
with

providers as (
    select * from ref_external_providers
),

others as (
    select
        rank_no,
        is_used,
    from providers
    where provider = '*'
),

-- the model that fits best, of accounts that are public
of_accounts as (
    select
        siren,
        known_date,
        external_class,
    from int_bankruptcy_scores
    where external_class is not null
    qualify row_number() over (
        partition by siren, known_date order by closing_date desc, model_no
    ) = 1
),

told as (
    select
        counterparty_no,
        provider,
        rating_date,
        external_score,
        external_class,
        subject_id,
    from int_ratings
    union all
    select
        identities.counterparty_no,
        'accounts' as provider,
        of_accounts.known_date as rating_date,
        cast(null as decimal(5, 2)) as external_score,
        of_accounts.external_class,
        '' as subject_id,
    from of_accounts
    inner join int_identities as identities on identities.siren = of_accounts.siren
),

-- of several companies that an agency rates on one day for one code the worst counts
daily as (
    select
        told.counterparty_no,
        told.provider,
        told.rating_date,
        told.external_score,
        told.external_class,
        dense_rank() over (
            order by coalesce(providers.rank_no, others.rank_no), told.provider
        ) as rank_no,
    from told
    cross join others
    left join providers on providers.provider = told.provider
    where
        coalesce(providers.is_used, others.is_used)
        and (told.external_class is not null or told.external_score is not null)
    qualify row_number() over (
        partition by told.counterparty_no, told.provider, told.rating_date
        order by told.external_class desc nulls last, told.external_score, told.subject_id
    ) = 1
),

spans as (
    select
        *,
        lead(rating_date) over (
            partition by counterparty_no, provider order by rating_date
        ) as next_date,
    from daily
),

days as (
    select distinct
        counterparty_no,
        rating_date,
    from daily
),

-- fans out on purpose: on each day the rating of every agency that holds then; the first counts
effective as (
    select
        days.counterparty_no,
        days.rating_date,
        spans.provider,
        spans.external_score,
        spans.external_class,
    from days
    inner join spans
        on spans.counterparty_no = days.counterparty_no
        and spans.rating_date <= days.rating_date
        and (spans.next_date is null or spans.next_date > days.rating_date)
    qualify row_number() over (
        partition by days.counterparty_no, days.rating_date order by spans.rank_no
    ) = 1
),

final as (
    select
        keys.entity_id,
        keys.side,
        keys.counterparty_id,
        effective.rating_date,
        effective.external_score,
        effective.external_class,
        effective.provider,
    from effective
    inner join int_counterparty_keys as keys on keys.counterparty_no = effective.counterparty_no
)

select * from final
