-- grain: one row per promise and item of its document; one row without an item where it is made for
--   the account
-- key: entity_no, promise_id, item_key
-- question: Which items are promised, when was that said, and for when?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   promise_id: identifier of the promise
--   pool_no: what it is to be paid from: the lowest item_key of the document, or counterparty_no
--     with a minus where it is made for the account or names a document that is not found
--   item_key: the item, null for the account
--   amount: promised amount
--   made_on: day on which it was promised; where the extract does not say, the day from which the
--     extract counts
--   promised_date: day by which it was promised
-- decisions: 35
with

batches as (
    select * from stg_landing__batches
),

promises as (
    select
        stg_erp__promises.entity_no,
        stg_erp__promises.promise_id,
        stg_erp__promises.document_id,
        upper(trim(stg_erp__promises.counterparty_id)) as counterparty_code,
        ltrim(regexp_replace(
            upper(strip_accents(stg_erp__promises.document_id)), '[^A-Z0-9]', '', 'g'
        ), '0') as reference,
        stg_erp__promises.amount,
        coalesce(stg_erp__promises.made_on, batches.known_on) as made_on,
        stg_erp__promises.promised_date,
    from stg_erp__promises
    inner join batches on batches.batch_no = stg_erp__promises.batch_no
    where stg_erp__promises.amount > 0
),

facts as (
    select * from int_invoice_facts
),

lines as not materialized (
    select * from int_item_lines
),

accounts as (
    select
        *,
        upper(trim(counterparty_id)) as counterparty_code,
    from int_accounts
    where side = 'customer'
),

by_document as (
    select
        promises.entity_no,
        promises.promise_id,
        facts.line_key as item_key,
    from promises
    inner join facts
        on facts.entity_no = promises.entity_no
        and facts.document_id = promises.document_id
        and facts.side = 'customer'
),

-- without an extract of invoices: the reference of the ledger, where it is unique
asked as (
    select *
    from promises
    anti join by_document
        on by_document.entity_no = promises.entity_no
        and by_document.promise_id = promises.promise_id
    where reference <> ''
),

by_reference as (
    select
        asked.entity_no,
        asked.promise_id,
        min(lines.line_key) as item_key,
    from asked
    inner join accounts
        on accounts.entity_no = asked.entity_no
        and accounts.counterparty_code = asked.counterparty_code
    inner join lines
        on lines.account_key = accounts.account_key
        and ltrim(regexp_replace(
            upper(strip_accents(lines.document_ref)), '[^A-Z0-9]', '', 'g'
        ), '0') = asked.reference
    where lines.line_type in ('invoice', 'opening') and lines.amount > 0
    group by asked.entity_no, asked.promise_id
    having count(*) = 1
),

found as (
    select entity_no, promise_id, item_key from by_document
    union all
    select entity_no, promise_id, item_key from by_reference
),

counterparties as (
    select distinct
        entity_no,
        counterparty_code,
        counterparty_no,
    from accounts
),

-- fans out on purpose: one row per item of the document
final as (
    select
        promises.entity_no,
        promises.promise_id,
        coalesce(
            min(found.item_key) over (partition by promises.entity_no, promises.promise_id),
            -counterparties.counterparty_no
        ) as pool_no,
        found.item_key,
        promises.amount,
        promises.made_on,
        promises.promised_date,
    from promises
    left join found
        on found.entity_no = promises.entity_no
        and found.promise_id = promises.promise_id
    left join counterparties
        on counterparties.entity_no = promises.entity_no
        and counterparties.counterparty_code = promises.counterparty_code
    where found.item_key is not null or counterparties.counterparty_no is not null
)

select * from final
