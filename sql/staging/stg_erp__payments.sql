-- grain: one row per entity, side and payment
-- key: entity_no, side, payment_id
-- question: Which payments do the extracts hold, once the batches are folded?
-- materialized: scratch
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   side: customer or supplier
--   payment_id: identifier of the payment
--   counterparty_id: code of the customer or supplier, as text
--   payment_date: date of the payment
--   currency: currency of the amount, ISO 4217; null: that of the entity
--   amount: amount paid
--   method: transfer, cheque, direct debit, card, bill, cash or other
--   reference: reference given by the payer
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from payments
),

batches as (
    select * from stg_landing__batches
    where dataset = 'payments'
),

-- an entity that encours.yaml no longer has is left out; of one key the latest batch counts, in it
-- the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.side,
        rows_landed.payment_id,
        rows_landed.counterparty_id,
        rows_landed.payment_date,
        rows_landed.currency,
        rows_landed.amount,
        rows_landed.method,
        rows_landed.reference,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.entity_no, rows_landed.side, rows_landed.payment_id
            order by batches.batch_no desc, rows_landed.source_line desc
        ) as recency,
    from rows_landed
    inner join batches on batches.batch_id = rows_landed.batch_id
    where batches.entity_no is not null
),

final as (
    select
        entity_no,
        entity_id,
        side,
        payment_id,
        counterparty_id,
        payment_date,
        currency,
        amount,
        method,
        reference,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
