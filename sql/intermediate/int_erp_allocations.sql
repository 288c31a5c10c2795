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
    select wholes.*
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
        allocations.amount,
        greatest(
            coalesce(allocations.allocation_date, sources.movement_date),
            sources.movement_date, targets.movement_date
        ) as allocation_date,
        case when targets.whole_amount > 0 then targets.line_key else sources.line_key end
            as debit_key,
        case when targets.whole_amount > 0 then sources.line_key else targets.line_key end
            as credit_key,
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
    where (sources.whole_amount > 0) <> (targets.whole_amount > 0)
),

-- laid end to end on the debit, up to what it is worth in its own currency
laid as (
    select
        pairs.*,
        debits.whole_amount as debit_amount,
        debits.whole_currency_amount as debit_currency_amount,
        least(sum(pairs.amount) over debit - pairs.amount, debits.whole_currency_amount)
            as start_amount,
        least(sum(pairs.amount) over debit, debits.whole_currency_amount) as end_amount,
    from pairs
    inner join wholes as debits on debits.line_key = pairs.debit_key
    window debit as (
        partition by pairs.debit_key order by pairs.allocation_date, pairs.allocation_id
    )
),

-- a foreign debit is settled at the rate at which it counts; integers, rounded half up
valued as (
    select
        *,
        case when debit_amount = debit_currency_amount then start_amount else cast((
            (2 * cast(start_amount * 100 as hugeint) * cast(debit_amount * 100 as hugeint)
                + cast(debit_currency_amount * 100 as hugeint))
            // (2 * cast(debit_currency_amount * 100 as hugeint))
        ) * 0.01 as decimal(18, 2)) end as start_value,
        case when debit_amount = debit_currency_amount then end_amount else cast((
            (2 * cast(end_amount * 100 as hugeint) * cast(debit_amount * 100 as hugeint)
                + cast(debit_currency_amount * 100 as hugeint))
            // (2 * cast(debit_currency_amount * 100 as hugeint))
        ) * 0.01 as decimal(18, 2)) end as end_value,
    from laid
    where end_amount > start_amount
),

-- and up to what the credit is worth
capped as (
    select
        valued.*,
        least(
            valued.end_value - valued.start_value,
            abs(credits.whole_amount) - (
                sum(valued.end_value - valued.start_value) over credit
                - (valued.end_value - valued.start_value)
            )
        ) as value_amount,
    from valued
    inner join wholes as credits on credits.line_key = valued.credit_key
    window credit as (
        partition by valued.credit_key order by valued.allocation_date, valued.allocation_id
    )
),

-- the parts of a document that its terms split, from the earliest on
parts as (
    select
        wholes.line_key as whole_key,
        documents.line_key,
        documents.part_start_amount as start_amount,
        documents.part_start_amount + documents.amount as end_amount,
    from wholes
    inner join documents
        on documents.entity_no = wholes.entity_no
        and documents.side = wholes.side
        and documents.kind_no = wholes.kind_no
        and documents.document_id = wholes.document_id
        and documents.instalment = wholes.instalment
    where wholes.amount > 0
),

-- fans out where the debit is split
final as (
    select
        capped.entity_no,
        capped.allocation_id,
        parts.line_key as debit_key,
        capped.credit_key,
        capped.allocation_date,
        cast(
            least(capped.start_value + capped.value_amount, parts.end_amount)
            - greatest(capped.start_value, parts.start_amount) as decimal(18, 2)
        ) as amount,
    from capped
    inner join parts
        on parts.whole_key = capped.debit_key
        and parts.start_amount < capped.start_value + capped.value_amount
        and parts.end_amount > capped.start_value
    where capped.value_amount > 0
)

select * from final
