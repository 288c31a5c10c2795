-- grain: one row per entity and document that was paid late or is late at the as-of date
-- key: entity_id, item_id
-- sort: entity_id, side, counterparty_id, item_id
-- question: Which late interest and recovery fee may be claimed on which document?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier: what the entity may claim, or what may be claimed from it
--   counterparty_id: code of the customer or supplier
--   item_id: the item, see fct_items
--   document_ref: reference of the document
--   item_type: invoice, bill, retention, opening or payment_reject
--   issue_date: date of the document
--   due_date: date from which it is overdue
--   due_date_source: where the due date comes from, see fct_items
--   is_due_date_assumed: no contract and no document tells the due date: not part of the totals
--   regime: business, public_buyer or consumer
--   contract_rate: contractual rate, percent per year; null: the statutory rate of each semester
--   amount: amount of the document, currency of the entity
--   running_amount: principal on which interest still runs at the as-of date, currency of the
--     entity
--   first_late_date: first day with interest, the day after the due date
--   last_late_date: last day with interest: the day of payment, the day before the judgment that
--     opens an insolvency procedure, or the as-of date
--   late_days: days with interest
--   interest_amount: principal × rate × days / 365 over all periods, currency of the entity
--   fee_amount: fixed recovery fee, currency of the entity
--   unrated_days: days in semesters without a known rate: their interest is missing
--   insolvency_date: judgment that opens an insolvency procedure; null where none is known
--   is_intercompany: the counterparty belongs to the group
-- decisions: 37, 38
with

late as (
    select * from int_late_interest
),

items as (
    select * from int_items
),

accounts as (
    select * from int_accounts
),

terms as (
    select * from int_late_terms
),

settings as (
    select * from params
),

insolvencies as (
    select
        int_insolvencies.counterparty_no,
        int_insolvencies.opened_on,
    from int_insolvencies
    cross join settings
    where
        int_insolvencies.known_from <= settings.as_of
        and (int_insolvencies.known_to is null or int_insolvencies.known_to > settings.as_of)
),

final as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.counterparty_id,
        late.item_key % 1000000000000000 as item_id,
        items.document_ref,
        cast(items.item_type as varchar) as item_type,
        items.issue_date,
        items.due_date,
        cast(items.due_date_source as varchar) as due_date_source,
        late.is_assumed as is_due_date_assumed,
        terms.regime,
        terms.contract_rate,
        items.amount,
        late.running_amount,
        late.first_late_date,
        late.last_late_date,
        late.late_days,
        late.interest_amount,
        late.fee_amount,
        late.unrated_days,
        insolvencies.opened_on as insolvency_date,
        accounts.is_intercompany,
    from late
    inner join items on items.item_key = late.item_key
    inner join accounts on accounts.account_key = late.account_key
    inner join terms on terms.account_key = late.account_key
    left join insolvencies on insolvencies.counterparty_no = accounts.counterparty_no
)

select * from final
