-- grain: one row per counterparty whose payment terms are known
-- key: entity_no, side, counterparty_id
-- question: How many days does a counterparty have to pay, on average?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   term_days: days from an invoice to its due date; to the end of a month counts as 15 days
-- decisions: 11, 60
with

terms as (
    select
        entity_no,
        side,
        counterparty_id,
        term_days + case when terms_kind = 'NET' then 0 else 15 + coalesce(plus_days, 0) end
            as term_days,
    from int_terms
),

keys as (
    select * from int_counterparty_keys
),

final as (
    select
        keys.entity_no,
        keys.side,
        keys.counterparty_id,
        cast(coalesce(own.term_days, defaults.term_days) as integer) as term_days,
    from keys
    left join terms as own
        on own.entity_no = keys.entity_no
        and own.side = keys.side
        and own.counterparty_id = keys.counterparty_id
    left join terms as defaults
        on defaults.entity_no = keys.entity_no
        and defaults.side = keys.side
        and defaults.counterparty_id is null
    where coalesce(own.term_days, defaults.term_days) is not null
)

select * from final
