-- grain: one row per entity of the group, side and control account family
-- key: member_id, side, account_family
-- sort: member_id, side, account_family
-- question: Do the items of the group add up to its ledgers, in the currency of the group?
-- materialized: table
-- columns:
--   entity_id: always group
--   member_id: the entity
--   side: customer or supplier
--   account_family: control account of the chart
--   is_aged: part of the open amount and of the ageing; false for 418, 419, 408, 409
--   ledger_amount: lines of the ledger, translated like the open items, currency of the group; null
--     where the entity has no ledger: not proved
--   items_amount: open items at the as-of date, currency of the group
--   buckets_amount: ageing buckets at the as-of date, currency of the group; the items where the
--     family is not aged
--   difference_amount: the difference that mart_reconciliation shows, translated: never less than
--     one hundredth where there is one; currency of the group; null where the entity has no ledger
-- decisions: 17, 48
with

lines as (
    select
        mart_reconciliation.*,
        members.entity_no,
        members.is_home,
    from mart_reconciliation
    inner join int_group_entities as members on members.entity_id = mart_reconciliation.entity_id
    where members.is_home or members.is_translated
),

rates as (
    select int_group_rates.*
    from int_group_rates
    inner join params on params.as_of = int_group_rates.rate_date
),

-- a family is the difference of two rounded running balances, so that they add up to the whole
running as (
    select
        *,
        sum(ledger_amount) over families as ledger_until,
        sum(ledger_amount) over families - ledger_amount as ledger_before,
        sum(items_amount) over families as items_until,
        sum(items_amount) over families - items_amount as items_before,
        sum(buckets_amount) over families as buckets_until,
        sum(buckets_amount) over families - buckets_amount as buckets_before,
    from lines
    where not is_home
    window families as (
        partition by entity_no, side, is_aged
        order by account_family
        rows between unbounded preceding and current row
    )
),

translated as (
    select
        running.entity_id,
        running.side,
        running.account_family,
        running.is_aged,
        sign(running.ledger_until) * (
            (
                2 * cast(abs(running.ledger_until) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) - sign(running.ledger_before) * (
            (
                2 * cast(abs(running.ledger_before) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as ledger_cents,
        sign(running.items_until) * (
            (
                2 * cast(abs(running.items_until) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) - sign(running.items_before) * (
            (
                2 * cast(abs(running.items_before) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as items_cents,
        sign(running.buckets_until) * (
            (
                2 * cast(abs(running.buckets_until) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) - sign(running.buckets_before) * (
            (
                2 * cast(abs(running.buckets_before) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as buckets_cents,
        sign(running.difference_amount) * greatest(
            1,
            (
                2 * cast(abs(running.difference_amount) * 100 as hugeint) * rates.to_units
                + rates.from_units
            ) // (2 * rates.from_units)
        ) as difference_cents,
    from running
    inner join rates on rates.entity_no = running.entity_no
),

final as (
    select
        'group' as entity_id,
        entity_id as member_id,
        side,
        account_family,
        is_aged,
        cast(ledger_amount as decimal(18, 2)) as ledger_amount,
        cast(items_amount as decimal(18, 2)) as items_amount,
        cast(buckets_amount as decimal(18, 2)) as buckets_amount,
        cast(difference_amount as decimal(18, 2)) as difference_amount,
    from lines
    where is_home
    union all
    select
        'group' as entity_id,
        entity_id as member_id,
        side,
        account_family,
        is_aged,
        cast(ledger_cents * 0.01 as decimal(18, 2)) as ledger_amount,
        cast(items_cents * 0.01 as decimal(18, 2)) as items_amount,
        cast(buckets_cents * 0.01 as decimal(18, 2)) as buckets_amount,
        cast(difference_cents * 0.01 as decimal(18, 2)) as difference_amount,
    from translated
)

select * from final
