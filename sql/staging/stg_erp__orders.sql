-- grain: one row per entity and order
-- key: entity_no, order_id
-- question: What is ordered and not invoiced yet?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   order_id: number of the order
--   counterparty_id: code of the customer, as text
--   order_date: date of the order
--   open_amount: amount still to be invoiced, including tax
--   currency: currency of the amount, ISO 4217; null: that of the entity
--   expected_invoice_date: when it is expected to be invoiced
--   batch_no: batch that landed the row
--   source_line: line of the extract
-- decisions: 21
with

rows_landed as (
    select * from orders
),

batches as (
    select * from stg_landing__batches
    where dataset = 'orders'
),

-- an entity that encours.yaml no longer has is left out; of one key the latest batch counts, in it
-- the last line
ranked as (
    select
        batches.entity_no,
        batches.entity_id,
        rows_landed.order_id,
        rows_landed.counterparty_id,
        rows_landed.order_date,
        rows_landed.open_amount,
        rows_landed.currency,
        rows_landed.expected_invoice_date,
        batches.batch_no,
        rows_landed.source_line,
        row_number() over (
            partition by batches.entity_no, rows_landed.order_id
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
        order_id,
        counterparty_id,
        order_date,
        open_amount,
        currency,
        expected_invoice_date,
        batch_no,
        source_line,
    from ranked
    where recency = 1
)

select * from final
