-- grain: one row per late document, run of days with one principal, and semester
-- key: entity_id, item_id, from_date, known_from_date, is_reduction
-- question: How is the late interest of a document computed?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   item_id: the item, see fct_items
--   document_ref: reference of the document
--   due_date: date from which it is overdue
--   from_date: first day of the line
--   to_date: last day of the line, at most the as-of date
--   known_from_date: day from which the ledger tells the line: a payment, a credit note
--   is_reduction: a credit note takes this part back from the first late day on
--   principal_amount: what is due in these days, currency of the entity; negative for a reduction
--   day_count: days of the line
--   rate: percent per year; null where no rate is known
--   rate_basis: contract, statutory, or statutory_first: that of the semester in which it began
--   legal_rate: legal interest rate of the semester, percent per year; null where it is not known
--   interest_amount: principal × rate × days / 365, rounded for reading: the document is rounded
--     once over all its lines; null where no rate is known
--   unrated_days: days of the whole document without a known rate
-- decisions: 37
with

periods as (
    select
        int_late_periods.*,
        least(coalesce(int_late_periods.to_date, params.as_of), params.as_of) as last_date,
    from int_late_periods
    cross join params
    where
        int_late_periods.known_from <= params.as_of
        and (int_late_periods.counts_from is null or int_late_periods.counts_from <= params.as_of)
        and (int_late_periods.counts_to is null or int_late_periods.counts_to > params.as_of)
        and int_late_periods.from_date <= params.as_of
),

late as (
    select
        item_key,
        unrated_days,
    from int_late_interest
),

items as (
    select * from int_items
),

accounts as (
    select * from int_accounts
),

terms as not materialized (
    select * from int_late_terms
),

rates as not materialized (
    select * from int_late_rates
),

-- fans out on purpose: a period meets each semester that it touches
cut as (
    select
        periods.item_key,
        periods.account_key,
        greatest(periods.from_date, rates.starts_on) as from_date,
        least(periods.last_date, rates.ends_on) as to_date,
        periods.known_from,
        periods.is_reduction,
        periods.principal_amount,
        late.unrated_days,
        case
            when terms.contract_rate is not null then terms.contract_rate
            when terms.is_rate_fixed then begun.rate
            else rates.rate
        end as rate,
        case
            when terms.contract_rate is not null then 'contract'
            when terms.is_rate_fixed then 'statutory_first'
            else 'statutory'
        end as rate_basis,
        rates.legal_rate,
    from periods
    inner join late on late.item_key = periods.item_key
    inner join terms on terms.account_key = periods.account_key
    inner join rates
        on rates.regime = terms.regime
        and rates.starts_on <= periods.last_date
        and rates.ends_on >= periods.from_date
    inner join rates as begun on begun.rate_key = terms.rate_key + periods.first_semester_no
),

final as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.counterparty_id,
        cut.item_key % 1000000000000000 as item_id,
        items.document_ref,
        items.due_date,
        cut.from_date,
        cut.to_date,
        cut.known_from as known_from_date,
        cut.is_reduction,
        cut.principal_amount,
        cast(cut.to_date - cut.from_date + 1 as integer) as day_count,
        cut.rate,
        cut.rate_basis,
        cut.legal_rate,
        cast(
            cut.principal_amount * cut.rate * (cut.to_date - cut.from_date + 1) / 36500
            as decimal(18, 2)
        ) as interest_amount,
        cut.unrated_days,
    from cut
    inner join items on items.item_key = cut.item_key
    inner join accounts on accounts.account_key = cut.account_key
)

select * from final
