-- grain: one row per item and movement
-- key: entity_id, item_id, movement_no
-- sort: entity_id, item_id, movement_no
-- question: What made each item rise and fall?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   item_id: the item, see fct_items
--   movement_no: 1 for the origin, then by date
--   movement_date: accounting date; for an allocation the later of the two accounting dates, or the
--     date that an extract gives
--   movement_type: origin or allocation
--   settlement_kind: cash, credit_note, deposit, discount, write_off, compensation, transfer,
--     refund, other; null for the origin
--   amount: currency of the entity; the balance of an item is the sum of its movements
--   counterpart_item_id: the item on the other side; null for the origin, and where a fiscal year
--     is missing so that the balance ends with the loaded years
--   is_estimated: rests on FIFO, not on lettering
--   match_method: group, reference, label, amount, fifo, carried_reference, carried_amount,
--     carried_fifo, estimated_fifo, missing_year, extract, settled_date; null for the origin
-- decisions: 7, 8, 9, 23
with

items as not materialized (
    select * from int_items
),

allocations as not materialized (
    select * from int_allocations
),

entities as (
    select
        entity_no,
        entity_id,
    from project_entities
),

movements as (
    select
        item_key,
        1 as movement_no,
        movement_date,
        'origin' as movement_type,
        cast(null as varchar) as settlement_kind,
        amount,
        cast(null as bigint) as counterpart_key,
        cast(null as varchar) as match_method,
    from items
    union all
    select
        debit_key as item_key,
        debit_movement_no as movement_no,
        allocation_date as movement_date,
        'allocation' as movement_type,
        cast(settlement_kind as varchar) as settlement_kind,
        -amount as amount,
        credit_key as counterpart_key,
        cast(match_method as varchar) as match_method,
    from allocations
    union all
    select
        credit_key as item_key,
        credit_movement_no as movement_no,
        allocation_date as movement_date,
        'allocation' as movement_type,
        cast(settlement_kind as varchar) as settlement_kind,
        amount,
        debit_key as counterpart_key,
        cast(match_method as varchar) as match_method,
    from allocations
    union all
    -- items that a missing fiscal year cuts off end where the next loaded year begins
    select
        item_key,
        allocation_count + 2 as movement_no,
        closed_on as movement_date,
        'allocation' as movement_type,
        'other' as settlement_kind,
        case when amount > 0 then settled_amount - amount else -settled_amount - amount end
            as amount,
        cast(null as bigint) as counterpart_key,
        'missing_year' as match_method,
    from items
    where closed_on is not null and settled_amount < abs(amount)
),

final as (
    select
        entities.entity_id,
        movements.item_key % 1000000000000000 as item_id,
        movements.movement_no,
        movements.movement_date,
        movements.movement_type,
        movements.settlement_kind,
        cast(movements.amount as decimal(18, 2)) as amount,
        movements.counterpart_key % 1000000000000000 as counterpart_item_id,
        coalesce(movements.match_method = 'estimated_fifo', false) as is_estimated,
        movements.match_method,
    from movements
    inner join entities on entities.entity_no = movements.item_key // 1000000000000000
)

select * from final
