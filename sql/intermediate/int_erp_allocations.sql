-- grain: one row per allocation of an extract and item that it settles
-- key: allocation_id, debit_key, credit_key
-- question: What do the allocations of the extracts settle, within what the documents are worth?
-- materialized: scratch
-- columns:
--   entity_no: rank of the entity
--   allocation_id: identifier of the allocation
--   debit_key: the debit item
--   credit_key: the credit item
--   allocation_date: date of the allocation, not before either document
--   amount: amount settled, positive, currency of the entity
-- decisions: 23, 24
with

allocations as (
    select * from stg_erp__allocations
    where amount > 0
),

documents as (
    select * from int_erp_documents
),

wholes as (
    select * from documents
    where part_no = 1
),

-- a credit document is settled with its first instalment
first_instalments as (
    select
        entity_no,
        side,
        document_id,
        min(instalment) as instalment,
    from wholes
    where kind_no = 1
    group by entity_no, side, document_id
),

sources as (
    select
        wholes.entity_no,
        wholes.side,
        wholes.kind_no,
        wholes.document_id,
        wholes.line_key,
        wholes.movement_date,
        wholes.amount,
    from wholes
    left join first_instalments
        on first_instalments.entity_no = wholes.entity_no
        and first_instalments.side = wholes.side
        and first_instalments.document_id = wholes.document_id
    where wholes.kind_no = 2 or wholes.instalment = first_instalments.instalment
),

-- a debit with a credit, whichever of the two the extract calls the payment
pairs as (
    select
        allocations.entity_no,
        allocations.allocation_id,
        sources.line_key as source_key,
        abs(sources.amount) as source_amount,
        targets.line_key as target_key,
        targets.side,
        targets.document_id,
        targets.instalment,
        abs(targets.whole_amount) as target_amount,
        abs(targets.whole_currency_amount) as target_currency_amount,
        greatest(
            coalesce(allocations.allocation_date, sources.movement_date),
            sources.movement_date, targets.movement_date
        ) as allocation_date,
        allocations.amount,
    from allocations
    inner join wholes as targets
        on targets.entity_no = allocations.entity_no
        and targets.side = allocations.side
        and targets.kind_no = 1
        and targets.document_id = allocations.document_id
        and targets.instalment = allocations.instalment
    inner join sources
        on sources.entity_no = allocations.entity_no
        and sources.side = allocations.side
        and sources.kind_no = case when allocations.payment_id is null then 1 else 2 end
        and sources.document_id = coalesce(allocations.payment_id, allocations.credit_document_id)
    where (sources.amount > 0) <> (targets.whole_amount > 0)
),

-- laid end to end on the document that is settled, up to what it is worth
laid as (
    select
        *,
        least(sum(amount) over target - amount, target_currency_amount) as start_amount,
        least(sum(amount) over target, target_currency_amount) as end_amount,
    from pairs
    window target as (partition by target_key order by allocation_date, allocation_id)
),

-- a foreign document is settled at the rate at which it counts; integers, rounded half up
valued as (
    select
        *,
        case when target_amount = target_currency_amount then start_amount else cast((
            (2 * cast(start_amount * 100 as hugeint) * cast(target_amount * 100 as hugeint)
                + cast(target_currency_amount * 100 as hugeint))
            // (2 * cast(target_currency_amount * 100 as hugeint))
        ) * 0.01 as decimal(18, 2)) end as start_value,
        case when target_amount = target_currency_amount then end_amount else cast((
            (2 * cast(end_amount * 100 as hugeint) * cast(target_amount * 100 as hugeint)
                + cast(target_currency_amount * 100 as hugeint))
            // (2 * cast(target_currency_amount * 100 as hugeint))
        ) * 0.01 as decimal(18, 2)) end as end_value,
    from laid
    where end_amount > start_amount
),

-- and up to what the payment or credit note is worth
capped as (
    select
        *,
        least(
            end_value - start_value,
            source_amount - (
                sum(end_value - start_value) over source - (end_value - start_value)
            )
        ) as value_amount,
    from valued
    window source as (partition by source_key order by allocation_date, allocation_id)
),

-- fans out where the terms split the document: the earliest instalments first
final as (
    select
        capped.entity_no,
        capped.allocation_id,
        case when parts.amount > 0 then parts.line_key else capped.source_key end as debit_key,
        case when parts.amount > 0 then capped.source_key else parts.line_key end as credit_key,
        capped.allocation_date,
        cast(
            least(
                capped.start_value + capped.value_amount,
                parts.part_start_amount + abs(parts.amount)
            ) - greatest(capped.start_value, parts.part_start_amount) as decimal(18, 2)
        ) as amount,
    from capped
    inner join documents as parts
        on parts.entity_no = capped.entity_no
        and parts.side = capped.side
        and parts.kind_no = 1
        and parts.document_id = capped.document_id
        and parts.instalment = capped.instalment
    where
        capped.value_amount > 0
        and capped.start_value + capped.value_amount > parts.part_start_amount
        and capped.start_value < parts.part_start_amount + abs(parts.amount)
)

select * from final
