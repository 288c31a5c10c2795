-- grain: one row per entity, side and control account family
-- key: entity_id, side, account_family
-- sort: entity_id, side, account_family
-- question: Do the items add up to the ledger, to the cent?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   account_family: control account of the chart
--   is_aged: part of the open amount and of the ageing; false for 418, 419, 408, 409
--   ledger_amount: lines of the fiscal year that holds the as-of date, opening included, currency
--     of the entity; null where the entity has no ledger: not proved
--   items_amount: open items at the as-of date, currency of the entity
--   buckets_amount: ageing buckets at the as-of date, currency of the entity; the items where the
--     family is not aged
--   difference_amount: the larger of the two differences with the ledger, sign kept, currency of
--     the entity; null where the entity has no ledger
-- decisions: 2, 6, 12, 22
with

ledger_days as (
    select int_ledger_days.*
    from int_ledger_days
    cross join params
    where
        int_ledger_days.fiscal_year_start <= params.as_of
        and (int_ledger_days.ends_before is null or int_ledger_days.ends_before > params.as_of)
        and int_ledger_days.ledger_date <= params.as_of
),

open_items as (
    select * from int_open_items
),

accounts as (
    select * from int_accounts
),

buckets as (
    select * from ref_ageing_buckets
),

families as (
    select distinct
        accounts.entity_id,
        accounts.side,
        accounts.account_family,
        accounts.is_aged,
        int_entities.has_ledger,
    from accounts
    left join int_entities on int_entities.entity_no = accounts.entity_no
),

ledgers as (
    select
        entity_id,
        side,
        account_family,
        sum(amount) as amount,
    from ledger_days
    group by entity_id, side, account_family
),

-- the buckets are those of the reference table, so that an item in none would show
items as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.account_family,
        sum(open_items.open_amount) as items_amount,
        sum(open_items.open_amount) filter (where buckets.bucket_order is not null)
            as buckets_amount,
    from open_items
    inner join accounts on accounts.account_key = open_items.account_key
    left join buckets on buckets.ageing_bucket = open_items.ageing_bucket
    group by accounts.entity_id, accounts.side, accounts.account_family
),

compared as (
    select
        families.entity_id,
        families.side,
        families.account_family,
        families.is_aged,
        case when families.has_ledger then coalesce(ledgers.amount, 0) end as ledger_amount,
        coalesce(items.items_amount, 0) as items_amount,
        coalesce(items.buckets_amount, 0) as buckets_amount,
    from families
    left join ledgers
        on ledgers.entity_id = families.entity_id
        and ledgers.side = families.side
        and ledgers.account_family = families.account_family
    left join items
        on items.entity_id = families.entity_id
        and items.side = families.side
        and items.account_family = families.account_family
),

final as (
    select
        entity_id,
        side,
        account_family,
        is_aged,
        cast(ledger_amount as decimal(18, 2)) as ledger_amount,
        cast(items_amount as decimal(18, 2)) as items_amount,
        cast(buckets_amount as decimal(18, 2)) as buckets_amount,
        cast(
            case
                when abs(items_amount - ledger_amount) >= abs(buckets_amount - ledger_amount)
                    then items_amount - ledger_amount
                else buckets_amount - ledger_amount
            end as decimal(18, 2)
        ) as difference_amount,
    from compared
)

select * from final
