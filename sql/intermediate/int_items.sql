-- grain: one row per item
-- key: item_key
-- question: What is each item, whose is it, and when is it due?
-- materialized: table
-- columns:
--   item_key: entity_no and item_id in one integer
--   account_key: third-party account
--   side: customer or supplier
--   is_aged: part of the open amount and of the ageing
--   item_type: invoice, credit_note, payment, deposit, bill, retention, opening, payment_reject,
--     refund, other
--   is_sale: an invoice or a credit note, counted once
--   origin_item_key: the item that this one takes over from
--   document_ref: reference of the document, that of the first item for a transfer
--   issue_date: date of the document
--   due_date: date from which it is overdue; null where it is not known or not yet due by nature
--   due_date_source: extract_column, bill_label, counterparty_terms, entity_terms, legal_default,
--     origin_item, own_date (credits), none
--   is_age_unknown: nothing tells the age
--   movement_date: accounting date
--   amount: positive in the normal direction of the side
--   closed_on: date on which nothing is left, null while something is
--   is_estimated: rests on FIFO, not on lettering
--   currency: document currency
--   currency_amount: amount in document currency
--   batch_no: batch that landed the line
--   source_line: line of the extract
-- decisions: 10, 11
with

items as (
    select * from int_item_lines
),

accounts as (
    select * from int_accounts
),

origins as (
    select * from int_item_origins
),

terms as (
    select * from project_terms
),

allocations as (
    select * from int_allocations
),

fiscal_years as (
    select distinct
        entity_no,
        chain_no,
        chain_ends_before,
    from stg_fec__fiscal_years
),

account_terms as (
    select
        accounts.account_key,
        accounts.account_family,
        coalesce(own.terms_kind, defaults.terms_kind) as terms_kind,
        coalesce(own.term_days, defaults.term_days) as term_days,
        coalesce(own.plus_days, defaults.plus_days) as plus_days,
        case
            when own.terms_kind is not null then 'counterparty_terms'
            when defaults.terms_kind is not null then 'entity_terms'
        end as terms_source,
    from accounts
    left join terms as own
        on own.entity_id = accounts.entity_id
        and own.side = accounts.side
        and own.counterparty_id = accounts.counterparty_id
    left join terms as defaults
        on defaults.entity_id = accounts.entity_id
        and defaults.side = accounts.side
        and defaults.counterparty_id is null
),

settled as (
    select
        item_key,
        sum(amount) as amount,
        max(allocation_date) as last_date,
        bool_or(match_method = 'estimated_fifo') as is_estimated,
    from (
        select debit_key as item_key, amount, allocation_date, match_method from allocations
        union all
        select credit_key as item_key, amount, allocation_date, match_method from allocations
    )
    group by item_key
),

-- a bill says its maturity in words: ECHEANCE 31/03/24
typed as (
    select
        items.*,
        account_terms.terms_kind,
        account_terms.term_days,
        account_terms.plus_days,
        account_terms.terms_source,
        case
            when items.amount > 0 and items.item_kind is not null then items.item_kind
            when items.line_type = 'deposit_used' then 'deposit'
            when items.line_type in ('invoice', 'credit_note', 'payment', 'deposit', 'opening')
                then items.line_type
            else 'other'
        end as plain_type,
        items.line_type in ('invoice', 'credit_note') as is_sale,
        items.line_type = 'opening'
        and coalesce(items.document_date >= items.movement_date, true) as is_age_unknown,
        case when items.line_type = 'opening'
            then least(items.document_date, items.movement_date)
            else coalesce(items.document_date, items.movement_date) end as document_day,
        case when items.item_kind = 'bill' and items.amount > 0 then coalesce(
            try_strptime(regexp_extract(
                upper(strip_accents(items.label)),
                'ECH[A-Z.]* *(?:AU|LE|DU)? *([0-9]{2}/[0-9]{2}/[0-9]{4})', 1
            ), '%d/%m/%Y'),
            try_strptime(regexp_extract(
                upper(strip_accents(items.label)),
                'ECH[A-Z.]* *(?:AU|LE|DU)? *([0-9]{2}/[0-9]{2}/[0-9]{2})', 1
            ), '%d/%m/%y')
        ) end as bill_day,
    from items
    inner join account_terms on account_terms.account_key = items.account_key
),

dated as (
    select
        line_key,
        document_day,
        plain_type,
        document_ref,
        is_age_unknown
        and due_date is null
        and bill_day is null
        and plain_type <> 'retention' as is_age_unknown,
        case
            when due_date is not null and (amount > 0 or is_age_unknown) then due_date
            when bill_day is not null then cast(bill_day as date)
            when amount < 0 and not is_age_unknown then document_day
            when plain_type = 'retention' or is_age_unknown then null
            when line_type = 'bank_return' then document_day
            when terms_kind = 'NET' then document_day + term_days + plus_days
            when terms_kind = 'EOM_AFTER' then last_day(document_day + term_days) + plus_days
            when terms_kind = 'EOM_THEN' then last_day(document_day) + term_days + plus_days
            else document_day + 30
        end as due_date,
        case
            when due_date is not null and (amount > 0 or is_age_unknown) then 'extract_column'
            when bill_day is not null then 'bill_label'
            when amount < 0 and not is_age_unknown then 'own_date'
            when plain_type = 'retention' or is_age_unknown then 'none'
            when line_type = 'bank_return' then 'own_date'
            when terms_source is not null then terms_source
            else 'legal_default'
        end as due_date_source,
    from typed
),

final as (
    select
        typed.line_key as item_key,
        typed.account_key,
        typed.side,
        typed.is_aged,
        case
            when typed.line_type = 'bank_return' and (
                origins.line_key is not null
                or regexp_matches(strip_accents(lower(typed.label)), 'impaye|rejet|retour')
            ) then 'payment_reject'
            when typed.line_type = 'bank_return' then 'refund'
            when typed.line_type = 'transfer' and typed.amount > 0 and typed.item_kind is null
                then coalesce(root.plain_type, 'other')
            else typed.plain_type
        end as item_type,
        typed.is_sale,
        origins.origin_key as origin_item_key,
        coalesce(root.document_ref, typed.document_ref) as document_ref,
        coalesce(root.document_day, typed.document_day, typed.movement_date) as issue_date,
        -- a bill with a maturity of its own keeps it; a retention is due once it is released
        case
            when root.line_key is null or dated.due_date_source in ('extract_column', 'bill_label')
                then dated.due_date
            when typed.plain_type = 'retention' then null
            when origins.is_release then dated.document_day
            else root.due_date
        end as due_date,
        case
            when root.line_key is null or dated.due_date_source in ('extract_column', 'bill_label')
                then dated.due_date_source
            when typed.plain_type = 'retention' then 'none'
            when origins.is_release then 'own_date'
            else 'origin_item'
        end as due_date_source,
        case
            when root.line_key is null or dated.due_date_source in ('extract_column', 'bill_label')
                then dated.is_age_unknown
            when typed.plain_type = 'retention' or origins.is_release then false
            else root.is_age_unknown
        end as is_age_unknown,
        typed.movement_date,
        typed.amount,
        case
            when settled.amount = abs(typed.amount) then settled.last_date
            else fiscal_years.chain_ends_before
        end as closed_on,
        coalesce(settled.is_estimated, false) as is_estimated,
        typed.currency,
        typed.currency_amount,
        typed.batch_no,
        typed.source_line,
    from typed
    inner join dated on dated.line_key = typed.line_key
    inner join fiscal_years
        on fiscal_years.entity_no = typed.entity_no
        and fiscal_years.chain_no = typed.chain_no
    left join origins on origins.line_key = typed.line_key
    left join dated as root on root.line_key = origins.root_key
    left join settled on settled.item_key = typed.line_key
)

select * from final
