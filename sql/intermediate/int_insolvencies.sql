-- grain: one row per counterparty and stretch of time in which one insolvency was the latest known
-- key: counterparty_no, known_from
-- question: Which judgment had opened an insolvency of a counterparty, as known at a date?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   known_from: first day on which it was the latest known
--   known_to: first day on which it was not any more; null: it still is
--   opened_on: judgment that opens the procedure
--   published_on: its publication; null: not told
--   is_open: nothing closed the procedure; else claims stay stopped, but none is to be declared
--   is_listed: encours.yaml tells it, the gazette does not
-- decisions: 85, 102, 103
with

keys as (
    select * from int_counterparty_keys
),

listed as (
    select distinct
        keys.counterparty_no,
        insolvencies.opened_on as known_from,
        cast(null as date) as known_to,
        insolvencies.opened_on,
        insolvencies.published_on,
        true as is_open,
        true as is_listed,
    from keys
    inner join project_insolvencies as insolvencies
        on (insolvencies.entity_id is null or insolvencies.entity_id = keys.entity_id)
        and (insolvencies.side is null or insolvencies.side = keys.side)
        and keys.counterparty_id glob insolvencies.pattern
),

published as (
    select
        identities.counterparty_no,
        procedures.known_from,
        procedures.known_to,
        procedures.opened_on,
        procedures.opening_published_on as published_on,
        procedures.is_open,
        false as is_listed,
    from int_procedures as procedures
    inner join int_identities as identities on identities.siren = procedures.siren
),

told as (
    select * from listed
    union all
    select * from published
),

turns as (
    select
        counterparty_no,
        known_from as turns_on,
    from told
    union
    select
        counterparty_no,
        known_to as turns_on,
    from told
    where known_to is not null
),

-- the latest judgment; of one day that of the gazette
ranked as (
    select
        turns.counterparty_no,
        turns.turns_on,
        told.opened_on,
        told.published_on,
        told.is_open,
        told.is_listed,
        row_number() over (
            partition by turns.counterparty_no, turns.turns_on
            order by
                told.opened_on desc nulls last, told.is_listed, told.published_on nulls last,
                told.known_from desc
        ) as rank_no,
    from turns
    left join told
        on told.counterparty_no = turns.counterparty_no
        and told.known_from <= turns.turns_on
        and (told.known_to is null or told.known_to > turns.turns_on)
),

stretches as (
    select
        *,
        lead(turns_on) over (partition by counterparty_no order by turns_on) as known_to,
    from ranked
    where rank_no = 1
),

final as (
    select
        counterparty_no,
        turns_on as known_from,
        known_to,
        opened_on,
        published_on,
        is_open,
        is_listed,
    from stretches
    where opened_on is not null
)

select * from final
