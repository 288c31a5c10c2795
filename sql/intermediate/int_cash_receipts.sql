-- grain: one row per entity, side, kind of counterparty, month of the document and day
-- key: entity_no, side, is_intercompany, document_month_no, receipt_date
-- question: How much cash settled documents, by the day and by the month of the documents?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   side: customer or supplier
--   is_intercompany: the counterparty belongs to the group
--   document_month_no: month since which the documents are open, year x 12 + month
--   receipt_date: day of the settlement
--   receipt_amount: settled in cash
-- decisions: 36
with

settlements as not materialized (
    select * from int_cash_settlements
),

accounts as (
    select * from int_accounts
),

final as (
    select
        accounts.entity_no,
        accounts.side,
        accounts.is_intercompany,
        settlements.document_month_no,
        settlements.allocation_date as receipt_date,
        cast(sum(settlements.amount) as decimal(18, 2)) as receipt_amount,
    from settlements
    inner join accounts on accounts.account_key = settlements.account_key
    group by all
)

select * from final
