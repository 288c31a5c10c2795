-- grain: one row per settlement in cash
-- key: debit_key, credit_key, allocation_date
-- question: When was a document paid, and how late?
-- materialized: scratch
-- columns:
--   debit_key: the document
--   credit_key: the payment
--   allocation_date: day on which the payment settles the document
--   account_key: third-party account of the document
--   quarter_no: quarter of the settlement, year x 4 + quarter
--   document_month_no: month since which the document is open, year x 12 + month
--   days_late: days after the due date, from -90 to 365; null where there is no due date
--   delay_days: days after the due date, as they are; null where there is no due date
--   amount: amount settled, positive
-- decisions: 35
with

allocations as not materialized (
    select * from int_allocations
    where settlement_kind = 'cash'
),

-- what takes over from a document is as old as that
documents as not materialized (
    select
        item_key,
        account_key,
        case when is_age_unknown then null else due_date end as due_date,
        case when origin_item_key is null then movement_date
            else least(issue_date, movement_date) end as document_date,
    from int_items
    where is_aged and amount > 0 and item_type in ('invoice', 'bill', 'opening', 'payment_reject')
),

final as (
    select
        allocations.debit_key,
        allocations.credit_key,
        allocations.allocation_date,
        documents.account_key,
        cast(
            year(allocations.allocation_date) * 4 + quarter(allocations.allocation_date) as integer
        ) as quarter_no,
        cast(year(documents.document_date) * 12 + month(documents.document_date) as integer)
            as document_month_no,
        cast(case when documents.due_date is not null
            then greatest(-90, least(365, allocations.allocation_date - documents.due_date))
        end as integer) as days_late,
        cast(allocations.allocation_date - documents.due_date as integer) as delay_days,
        allocations.amount,
    from allocations
    inner join documents on documents.item_key = allocations.debit_key
)

select * from final
