-- What later reports can stand on, per file and side. Documents are lines in the normal
-- direction of the side, payments those against it; open are the documents that no closed
-- lettering group holds.
with

groups as (
    select
        batch_no,
        side,
        counterparty_id,
        count(*) filter (where is_settled and amount > 0) as settled_count,
        sum(amount) filter (where amount > 0) as documents,
    from audit_items
    where is_aged
    group by batch_no, side, counterparty_id
),

payers as (
    select
        batch_no,
        side,
        count(*) as counterparty_count,
        coalesce(sum(documents), 0) as documents,
        -- three settled documents are the least from which a habit can be read
        coalesce(sum(documents) filter (where settled_count >= 3), 0) as habit_amount,
    from groups
    group by batch_no, side
),

items as (
    select
        batch_no,
        side,
        sum(amount) filter (where not is_settled and amount > 0) as open_amount,
        sum(amount) filter (where not is_settled and amount > 0 and has_due_date)
            as open_due_amount,
        sum(amount) filter (where not is_settled and amount > 0 and has_document)
            as open_document_amount,
        sum(amount) filter (where amount > 0 and has_due_date) as due_amount,
        sum(amount) filter (where amount > 0 and has_document) as document_amount,
        sum(-amount) filter (where amount < 0) as payment_amount,
        sum(-amount) filter (where amount < 0 and is_lettered) as lettered_amount,
    from audit_items
    where is_aged
    group by batch_no, side
),

final as (
    select
        payers.batch_no,
        payers.side,
        payers.counterparty_count,
        cast(payers.documents as decimal(18, 2)) as documents,
        cast(payers.habit_amount as decimal(18, 2)) as habit_amount,
        cast(coalesce(items.open_amount, 0) as decimal(18, 2)) as open_amount,
        cast(coalesce(items.open_due_amount, 0) as decimal(18, 2)) as open_due_amount,
        cast(coalesce(items.open_document_amount, 0) as decimal(18, 2)) as open_document_amount,
        cast(coalesce(items.due_amount, 0) as decimal(18, 2)) as due_amount,
        cast(coalesce(items.document_amount, 0) as decimal(18, 2)) as document_amount,
        cast(coalesce(items.payment_amount, 0) as decimal(18, 2)) as payment_amount,
        cast(coalesce(items.lettered_amount, 0) as decimal(18, 2)) as lettered_amount,
    from payers
    inner join items on items.batch_no = payers.batch_no and items.side = payers.side
)

select * from final
order by batch_no, side
