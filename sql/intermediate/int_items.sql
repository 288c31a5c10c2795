-- grain: one row per item
-- key: item_key
-- question: What is each item, whose is it, and when is it due?
-- materialized: table
-- columns:
--   item_key: entity_no and item_id in one integer
--   account_key: third-party account
--   is_aged: part of the open amount and of the ageing
--   item_type: invoice, credit_note, payment, deposit, bill, retention, opening, payment_reject,
--     refund, other
--   is_sale: an invoice or a credit note, counted once
--   origin_item_key: the item that this one takes over from
--   document_ref: reference of the document, that of the first item for a transfer
--   issue_date: date of the document
--   due_date: date from which it is overdue; null where it is not known or not yet due by nature
--   due_date_source: erp_invoice, extract_column, bill_label, invoice_terms, person_terms,
--     counterparty_terms, counterparty_file, entity_terms, legal_default, origin_item, own_date
--     (credits), none
--   is_age_unknown: nothing tells the age
--   movement_date: accounting date
--   amount: positive in the normal direction of the side
--   settled_amount: what allocations settle of it, at any date, positive
--   allocation_count: allocations that it is part of
--   first_settled_on: date of the first of them, null where there is none
--   closed_on: date on which nothing is left, null while something is
--   is_estimated: rests on FIFO, not on lettering
--   currency: document currency
--   currency_amount: amount in document currency
--   batch_no: batch that landed the line
--   source_line: line of the extract
-- decisions: 10, 11, 25, 26
with

lines as not materialized (
    select * from int_item_lines
),

accounts as (
    select * from int_accounts
),

origins as (
    select * from int_item_origins
),

terms as (
    select * from int_terms
),

facts as (
    select * from int_invoice_facts
),

settlements as (
    select * from int_item_settlements
),

account_terms as (
    select
        accounts.account_key,
        accounts.counterparty_no,
        accounts.is_aged,
        accounts.item_kind,
        coalesce(own.terms_kind, defaults.terms_kind) as terms_kind,
        coalesce(own.term_days, defaults.term_days) as term_days,
        coalesce(own.plus_days, defaults.plus_days) as plus_days,
        case when own.terms_kind is not null then own.payment_day_1 else defaults.payment_day_1 end
            as payment_day_1,
        case when own.terms_kind is not null then own.payment_day_2 else defaults.payment_day_2 end
            as payment_day_2,
        coalesce(own.terms_source, defaults.terms_source) as terms_source,
    from accounts
    left join terms as own
        on own.entity_no = accounts.entity_no
        and own.side = accounts.side
        and own.counterparty_id = accounts.counterparty_id
    left join terms as defaults
        on defaults.entity_no = accounts.entity_no
        and defaults.side = accounts.side
        and defaults.counterparty_id is null
),

-- few items are continued by others: these are dated apart, so that they can be looked up
items as not materialized (
    select
        lines.*,
        false as is_root,
    from lines
    union all
    select
        lines.*,
        true as is_root,
    from lines
    inner join (select distinct root_key from origins) as roots on roots.root_key = lines.line_key
),

-- a bill says its maturity in words: ECHEANCE 31/03/24
typed as not materialized (
    select
        items.*,
        account_terms.counterparty_no,
        account_terms.is_aged,
        account_terms.item_kind,
        facts.due_date as invoice_due_date,
        coalesce(facts.terms_kind, account_terms.terms_kind) as terms_kind,
        coalesce(facts.term_days, account_terms.term_days) as term_days,
        coalesce(facts.plus_days, account_terms.plus_days) as plus_days,
        case when facts.terms_kind is null then account_terms.payment_day_1
            else facts.payment_day_1 end as payment_day_1,
        case when facts.terms_kind is null then account_terms.payment_day_2
            else facts.payment_day_2 end as payment_day_2,
        coalesce(facts.terms_source, account_terms.terms_source) as terms_source,
        case
            when items.amount > 0 and account_terms.item_kind is not null
                then account_terms.item_kind
            when items.line_type = 'deposit_used' then 'deposit'
            when items.line_type in ('invoice', 'credit_note', 'payment', 'deposit', 'opening')
                then items.line_type
            else 'other'
        end as plain_type,
        items.line_type in ('invoice', 'credit_note') as is_sale,
        items.line_type = 'opening'
        and facts.issue_date is null
        and coalesce(items.document_date >= items.movement_date, true) as is_age_unknown,
        case when items.line_type = 'opening'
            then least(facts.issue_date, items.document_date, items.movement_date)
            else coalesce(items.document_date, items.movement_date) end as document_day,
        case when account_terms.item_kind = 'bill' and items.amount > 0 then coalesce(
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
    left join facts on facts.line_key = items.line_key
),

termed as not materialized (
    select
        line_key,
        is_root,
        chain_ends_before,
        account_key,
        counterparty_no,
        is_aged,
        item_kind,
        line_type,
        plain_type,
        is_sale,
        document_ref,
        document_day,
        label,
        movement_date,
        amount,
        currency,
        currency_amount,
        batch_no,
        source_line,
        is_age_unknown
        and due_date is null
        and bill_day is null
        and plain_type <> 'retention' as is_age_unknown,
        payment_day_1,
        payment_day_2,
        case
            when invoice_due_date is not null and amount > 0 then invoice_due_date
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
            when invoice_due_date is not null and amount > 0 then 'erp_invoice'
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

-- terms may name the days of the month on which payment is made: the first that comes; a month
-- that is too short pays on its last day
dated as not materialized (
    select
        * exclude (due_date),
        case
            when payment_day_1 is null or due_date_source not in (
                'invoice_terms', 'person_terms', 'counterparty_terms', 'counterparty_file',
                'entity_terms'
            ) then due_date
            when least(payment_day_1, day(last_day(due_date))) >= day(due_date)
                then cast(date_trunc('month', due_date) as date)
                    + cast(least(payment_day_1, day(last_day(due_date))) as integer) - 1
            when payment_day_2 is not null
                and least(payment_day_2, day(last_day(due_date))) >= day(due_date)
                then cast(date_trunc('month', due_date) as date)
                    + cast(least(payment_day_2, day(last_day(due_date))) as integer) - 1
            else last_day(due_date)
                + cast(least(payment_day_1, day(last_day(last_day(due_date) + 1))) as integer)
        end as due_date,
        due_date_source in ('erp_invoice', 'extract_column', 'bill_label') as keeps_due_date,
    from termed
),

-- what an item takes over from the first of its line
continued as (
    select
        origins.line_key,
        origins.origin_key,
        origins.is_release,
        dated.plain_type,
        dated.document_ref,
        dated.document_day,
        dated.due_date,
        dated.is_age_unknown,
    from origins
    inner join dated on dated.line_key = origins.root_key
    where dated.is_root
),

final as (
    select
        dated.line_key as item_key,
        dated.account_key,
        dated.is_aged,
        cast(case
            when dated.line_type = 'bank_return' and (
                continued.line_key is not null
                or regexp_matches(strip_accents(lower(dated.label)), 'impaye|rejet|retour')
            ) then 'payment_reject'
            when dated.line_type = 'bank_return' then 'refund'
            when dated.line_type = 'transfer' and dated.amount > 0 and dated.item_kind is null
                then coalesce(continued.plain_type, 'other')
            else dated.plain_type
        end as enum (
            'invoice', 'credit_note', 'payment', 'deposit', 'bill', 'retention', 'opening',
            'payment_reject', 'refund', 'other'
        )) as item_type,
        dated.is_sale,
        continued.origin_key as origin_item_key,
        coalesce(continued.document_ref, dated.document_ref) as document_ref,
        coalesce(continued.document_day, dated.document_day, dated.movement_date) as issue_date,
        -- a bill with a maturity of its own keeps it; a retention is due once it is released
        case
            when continued.line_key is null or dated.keeps_due_date then dated.due_date
            when dated.plain_type = 'retention' then null
            when continued.is_release then dated.document_day
            else continued.due_date
        end as due_date,
        cast(case
            when continued.line_key is null or dated.keeps_due_date
                then dated.due_date_source
            when dated.plain_type = 'retention' then 'none'
            when continued.is_release then 'own_date'
            else 'origin_item'
        end as enum (
            'extract_column', 'bill_label', 'counterparty_terms', 'entity_terms', 'legal_default',
            'origin_item', 'own_date', 'none', 'erp_invoice', 'invoice_terms', 'counterparty_file',
            'person_terms'
        )) as due_date_source,
        case
            when continued.line_key is null or dated.keeps_due_date
                then dated.is_age_unknown
            when dated.plain_type = 'retention' or continued.is_release then false
            else continued.is_age_unknown
        end as is_age_unknown,
        dated.movement_date,
        dated.amount,
        coalesce(settlements.settled_amount, 0) as settled_amount,
        coalesce(settlements.allocation_count, 0) as allocation_count,
        settlements.first_settled_on,
        case
            when settlements.settled_amount = abs(dated.amount) then settlements.last_settled_on
            else dated.chain_ends_before
        end as closed_on,
        coalesce(settlements.is_estimated, false) as is_estimated,
        dated.currency,
        dated.currency_amount,
        dated.batch_no,
        dated.source_line,
    from dated
    left join continued on continued.line_key = dated.line_key
    left join settlements on settlements.item_key = dated.line_key
    where not dated.is_root
    -- the order of fct_items: a counterparty's items lie together
    order by dated.counterparty_no, dated.line_key
)

select * from final
