-- grain: one row per invoice, credit note or payment of an entity without a ledger, instalments
--   apart
-- key: line_key
-- question: Which items do the extracts of an entity without a ledger make?
-- materialized: scratch
-- columns:
--   line_key: entity_no × 10^15 + kind_no × 10^13 + rank by batch and line
--   entity_no: rank of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   kind_no: 1 invoice or credit note, 2 payment
--   document_id: identifier of the document or payment
--   instalment: instalment of the extract; 0 for a payment
--   part_no: part of what the terms split in instalments, from 1
--   part_start_amount: sum of the parts before it, positive
--   whole_amount: the document or instalment of the extract, in the currency of the entity
--   whole_currency_amount: the same in its own currency
--   line_type: invoice, credit_note, payment or bank_return
--   movement_date: date of the document
--   document_ref: number of the document; reference of the payment, else its identifier
--   label: method and reference of a payment
--   amount: positive in the normal direction of the side, currency of the entity
--   amount_excl_tax: the whole document without tax, on its first part, currency of the entity
--   due_date: due date of the extract
--   terms_source: who says the terms below, null where the document has none of its own
--   terms_kind: NET, EOM_AFTER or EOM_THEN
--   term_days: days
--   plus_days: days added after the end of a month
--   payment_day_1: day of the month of payments
--   payment_day_2: the second one
--   settled_date: date on which the extract says that it was settled
--   is_disputed: the extract says so
--   currency: currency of the document, null for that of the entity
--   currency_amount: amount in that currency
--   batch_no: batch that landed the line
--   source_line: line of the extract
-- decisions: 22, 24, 25
with

entities as (
    select
        project_entities.entity_no,
        project_entities.currency,
        project_entities.end_of_month,
    from project_entities
    inner join int_entities on int_entities.entity_no = project_entities.entity_no
    where not int_entities.has_ledger
),

invoices as (
    select * from stg_erp__invoices
),

payments as (
    select * from stg_erp__payments
),

rates as (
    select * from int_erp_rates
),

terms as (
    select * from int_terms
),

texts as (
    select * from extract_terms
    where terms_code is not null
),

documents as (
    select
        entity_no,
        side,
        counterparty_id,
        1 as kind_no,
        document_id,
        instalment,
        count(*) over (partition by entity_no, side, document_id) as instalment_count,
        case when amount > 0 then 'invoice' else 'credit_note' end as line_type,
        issue_date as movement_date,
        document_id as document_ref,
        cast(null as varchar) as label,
        amount as currency_amount,
        amount_excl_tax as currency_amount_excl_tax,
        due_date,
        payment_terms,
        settled_date,
        coalesce(is_disputed, false) as is_disputed,
        currency,
        batch_no,
        source_line,
    from invoices
    where amount <> 0
    union all
    select
        entity_no,
        side,
        counterparty_id,
        2 as kind_no,
        payment_id as document_id,
        0 as instalment,
        1 as instalment_count,
        case when amount > 0 then 'payment' else 'bank_return' end as line_type,
        payment_date as movement_date,
        coalesce(reference, payment_id) as document_ref,
        nullif(concat_ws(' ', method, reference), '') as label,
        -amount as currency_amount,
        null as currency_amount_excl_tax,
        null as due_date,
        null as payment_terms,
        null as settled_date,
        false as is_disputed,
        currency,
        batch_no,
        source_line,
    from payments
    where amount <> 0
),

-- integers: a decimal divided is a floating point number
priced as (
    select
        documents.*,
        entities.end_of_month,
        documents.currency is not null and documents.currency <> entities.currency as is_foreign,
        rates.from_units,
        rates.to_units,
        cast(abs(documents.currency_amount) * 100 as hugeint) as cents,
        cast(abs(documents.currency_amount_excl_tax) * 100 as hugeint) as cents_excl_tax,
    from documents
    inner join entities on entities.entity_no = documents.entity_no
    left join rates
        on rates.entity_no = documents.entity_no
        and rates.currency = documents.currency
        and rates.document_date = documents.movement_date
),

-- rounded half away from zero; what has no rate is left out and listed
valued as (
    select
        *,
        cast(case when is_foreign
            then (2 * cents * to_units + from_units) // (2 * from_units) else cents
        end as bigint) as value_cents,
        cast(sign(currency_amount_excl_tax) * (case when is_foreign
            then (2 * cents_excl_tax * to_units + from_units) // (2 * from_units)
            else cents_excl_tax end) as bigint) as value_cents_excl_tax,
    from priced
    where not is_foreign or from_units is not null
),

-- the terms of the document itself, else what splits it: those of the counterparty or the entity
with_terms as (
    select
        valued.*,
        case
            when valued.kind_no = 2 or valued.due_date is not null then null
            when texts.terms_code is not null then struct_pack(
                source := 'invoice_terms',
                kind := texts.terms_kind,
                days := texts.term_days,
                plus := texts.plus_days,
                day_1 := texts.payment_day_1,
                day_2 := texts.payment_day_2,
                parts := texts.instalment_days
            )
            when own.terms_code is not null then struct_pack(
                source := own.terms_source,
                kind := own.terms_kind,
                days := own.term_days,
                plus := own.plus_days,
                day_1 := own.payment_day_1,
                day_2 := own.payment_day_2,
                parts := own.instalment_days
            )
            when defaults.terms_code is not null then struct_pack(
                source := defaults.terms_source,
                kind := defaults.terms_kind,
                days := defaults.term_days,
                plus := defaults.plus_days,
                day_1 := defaults.payment_day_1,
                day_2 := defaults.payment_day_2,
                parts := defaults.instalment_days
            )
        end as said,
    from valued
    left join texts
        on texts.terms_text = valued.payment_terms
        and texts.end_of_month = valued.end_of_month
    left join terms as own
        on own.entity_no = valued.entity_no
        and own.side = valued.side
        and own.counterparty_id = valued.counterparty_id
    left join terms as defaults
        on defaults.entity_no = valued.entity_no
        and defaults.side = valued.side
        and defaults.counterparty_id is null
),

counted as (
    select
        with_terms.* exclude (said),
        said['source'] as terms_source,
        said['kind'] as terms_kind,
        said['days'] as term_days,
        said['plus'] as plus_days,
        said['day_1'] as payment_day_1,
        said['day_2'] as payment_day_2,
        -- an extract that gives instalments has split the document itself
        case when currency_amount > 0 and instalment_count = 1
            then string_split(said['parts'], '/') end as part_days,
    from with_terms
),

parts as (
    select
        *,
        unnest(range(1, coalesce(len(part_days), 1) + 1)) as part_no,
        coalesce(len(part_days), 1) as part_count,
    from counted
),

-- equal parts, the last takes the rounding
split as (
    select
        *,
        (part_no - 1) * (value_cents // part_count) as start_cents,
        case when part_no < part_count then value_cents // part_count
            else value_cents - (part_count - 1) * (value_cents // part_count) end as part_cents,
        case when part_no < part_count then cents // part_count
            else cents - (part_count - 1) * (cents // part_count) end as part_currency_cents,
    from parts
),

final as (
    select
        entity_no * 1000000000000000 + kind_no * 10000000000000 + row_number() over (
            partition by entity_no, kind_no order by batch_no, source_line, part_no
        ) as line_key,
        entity_no,
        side,
        counterparty_id,
        kind_no,
        document_id,
        instalment,
        cast(part_no as integer) as part_no,
        cast(start_cents * 0.01 as decimal(18, 2)) as part_start_amount,
        cast(sign(currency_amount) * value_cents * 0.01 as decimal(18, 2)) as whole_amount,
        cast(currency_amount as decimal(18, 2)) as whole_currency_amount,
        line_type,
        movement_date,
        document_ref,
        label,
        cast(sign(currency_amount) * part_cents * 0.01 as decimal(18, 2)) as amount,
        case when part_no = 1 then cast(value_cents_excl_tax * 0.01 as decimal(18, 2)) end
            as amount_excl_tax,
        due_date,
        terms_source,
        terms_kind,
        case when part_count > 1 then cast(part_days[part_no] as integer) else term_days end
            as term_days,
        plus_days,
        payment_day_1,
        payment_day_2,
        settled_date,
        is_disputed,
        currency,
        cast(sign(currency_amount) * part_currency_cents * 0.01 as decimal(18, 2))
            as currency_amount,
        batch_no,
        source_line,
    from split
    where part_cents > 0
)

select * from final
