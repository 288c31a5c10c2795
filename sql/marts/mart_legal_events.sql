-- grain: one row per entity, side, counterparty, notice and role
-- key: entity_id, side, counterparty_id, notice_id, role
-- sort: entity_id, side, counterparty_id, published_date desc, notice_id, role
-- question: What did the gazette publish about a customer or supplier?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   notice_id: identifier of the notice, such as A202601721671
--   role: what the notice says of the company: subject, seller, buyer or lessee
--   siren: SIREN of the company
--   published_date: day of publication
--   event_date: day of the judgment or of the event; null where it is not told
--   event: what it means, by legal_natures.csv
--   label_en: the same as people read it
--   label_fr: the same in French
--   severity: 0 to 10, 10 is worst
--   nature: nature of the judgment or act, as it is written
--   details: what is written beside it
--   court: court or registry
--   closing_date: of accounts filed: end of the fiscal year
--   is_confidential: of accounts filed: they may not be read
--   price_amount: of a sale: the price in the text, currency EUR
--   url: page of the notice
-- decisions: 100, 101
with

settings as (
    select * from params
),

events as (
    select int_legal_events.*
    from int_legal_events
    cross join settings
    where
        int_legal_events.published_on <= settings.as_of
        and (
            int_legal_events.superseded_on is null
            or int_legal_events.superseded_on > settings.as_of
        )
),

identities as (
    select * from int_identities
),

natures as (
    select * from ref_legal_natures
),

final as (
    select
        identities.entity_id,
        identities.side,
        identities.counterparty_id,
        events.notice_id,
        events.role,
        events.siren,
        events.published_on as published_date,
        events.event_date,
        events.event,
        natures.label_en,
        natures.label_fr,
        events.severity,
        events.nature,
        events.details,
        events.court,
        events.closing_date,
        events.is_confidential,
        events.price_amount,
        events.url,
    from events
    inner join identities on identities.siren = events.siren
    inner join natures on natures.nature_order = events.nature_order
)

select * from final
