-- grain: one row per late item and run of days with one principal; what a credit note takes back is
--   a row of its own with a negative principal
-- key: item_key, from_date, known_from, is_reduction, counts_from
-- question: On which principal does late interest run, from which day to which?
-- materialized: table
-- columns:
--   item_key: the item
--   account_key: third-party account
--   known_from: day from which the ledger tells this row
--   counts_from: day from which it counts, as a judgment became known; null: always
--   counts_to: first day on which another row counts in its place; null: none
--   from_date: first day with interest
--   to_date: last day with interest, the day of payment; null while it runs
--   principal_amount: negative for what a credit note takes back
--   is_reduction: taken back by a credit note, from the first late day on
--   bears_fee: no item that this one takes over from was late already
--   is_assumed: no contract and no document tells the due date
--   first_semester_no: semester in which the interest of the item begins
-- decisions: 37, 38, 103
with

balances as not materialized (
    select * from int_item_balances
    where
        is_aged
        and balance_amount > 0
        and due_date is not null
        and coalesce(valid_to, date '9999-12-31') > due_date
),

items as not materialized (
    select * from int_items
    where item_type in ('invoice', 'bill', 'retention', 'opening', 'payment_reject')
),

terms as (
    select * from int_late_terms
    where is_claimable
),

-- which judgment was known at which time, with the times in which none was
insolvencies as (
    select * from int_insolvencies
),

stops as (
    select
        counterparty_no,
        known_from as stop_from,
        known_to as stop_to,
        opened_on as insolvent_on,
    from insolvencies
    union all
    select
        counterparty_no,
        known_to as stop_from,
        lead(known_from) over (partition by counterparty_no order by known_from) as stop_to,
        cast(null as date) as insolvent_on,
    from insolvencies
    union all
    select
        counterparty_no,
        date '0001-01-01' as stop_from,
        min(known_from) as stop_to,
        cast(null as date) as insolvent_on,
    from insolvencies
    group by counterparty_no
),

account_stops as (
    select
        accounts.account_key,
        stops.stop_from,
        stops.stop_to,
        stops.insolvent_on,
    from int_accounts as accounts
    inner join stops on stops.counterparty_no = accounts.counterparty_no
    where stops.stop_from is not null and stops.stop_to is distinct from stops.stop_from
),

origins as (
    select
        int_item_origins.line_key,
        int_items.due_date_source,
    from int_item_origins
    inner join int_items on int_items.item_key = int_item_origins.root_key
),

-- interest runs from the day after the due date, however late the invoice was booked; an item
-- that takes over from another goes on from there
late as (
    select
        balances.item_key,
        balances.account_key,
        balances.valid_from as known_from,
        stops.stop_from as counts_from,
        stops.stop_to as counts_to,
        case
            when balances.valid_from = items.movement_date
                and items.item_type = 'invoice'
                and items.origin_item_key is null
                then balances.due_date + 1
            else greatest(balances.valid_from, balances.due_date) + 1
        end as from_date,
        -- a claim that is older than the judgment bears interest until the day before it
        case
            when stops.insolvent_on > items.issue_date
                then least(
                    coalesce(balances.valid_to, stops.insolvent_on - 1), stops.insolvent_on - 1
                )
            else balances.valid_to
        end as to_date,
        balances.balance_amount,
        balances.due_date,
        stops.insolvent_on > items.issue_date as is_stopped,
        stops.insolvent_on,
        items.item_type,
        items.movement_date,
        items.origin_item_key,
        cast(items.due_date_source as varchar) as due_date_source,
    from balances
    inner join items on items.item_key = balances.item_key
    inner join terms on terms.account_key = balances.account_key
    -- an item of a counterparty in a procedure has a row for each time in which another was known
    left join account_stops as stops on stops.account_key = balances.account_key
    where stops.stop_to is null or stops.stop_to > balances.valid_from
),

running as (
    select * from late
    where to_date is null or to_date >= from_date
),

taken_over as (
    select
        running.item_key,
        running.due_date,
        running.movement_date,
        running.item_type,
        origins.due_date_source,
        running.origin_item_key in (select item_key from running) as is_origin_late,
    from running
    inner join origins on origins.line_key = running.item_key
    where running.origin_item_key is not null
),

-- several periods of an item agree on these
taken_items as (
    select
        item_key,
        bool_and(
            not coalesce(is_origin_late, false)
            and (movement_date <= due_date or item_type = 'payment_reject')
        ) as bears_fee,
        max(cast(due_date_source as varchar)) as due_date_source,
    from taken_over
    group by item_key
),

credit_notes as (
    select
        debit_key,
        allocation_date,
        sum(amount) as amount,
    from int_allocations
    where settlement_kind = 'credit_note'
    group by debit_key, allocation_date
),

-- one row per item and day of credit notes: the first period of the item
reduced as (
    select
        running.item_key,
        running.account_key,
        credit_notes.allocation_date as known_from,
        running.counts_from,
        running.counts_to,
        min(running.from_date) as from_date,
        case
            when bool_or(running.is_stopped)
                then least(credit_notes.allocation_date, max(running.insolvent_on) - 1)
            else credit_notes.allocation_date
        end as to_date,
        -credit_notes.amount as balance_amount,
        running.due_date,
        max(running.due_date_source) as due_date_source,
    from credit_notes
    inner join running on running.item_key = credit_notes.debit_key
    group by
        running.item_key, running.account_key, running.due_date, running.counts_from,
        running.counts_to, credit_notes.allocation_date, credit_notes.amount
),

rows_made as (
    select
        item_key,
        account_key,
        known_from,
        counts_from,
        counts_to,
        from_date,
        to_date,
        balance_amount,
        false as is_reduction,
        due_date,
        due_date_source,
    from running
    union all
    select
        item_key,
        account_key,
        known_from,
        counts_from,
        counts_to,
        from_date,
        to_date,
        balance_amount,
        true as is_reduction,
        due_date,
        due_date_source,
    from reduced
    where to_date >= from_date and (counts_to is null or counts_to > known_from)
),

final as (
    select
        rows_made.item_key,
        rows_made.account_key,
        rows_made.known_from,
        rows_made.counts_from,
        rows_made.counts_to,
        rows_made.from_date,
        rows_made.to_date,
        cast(rows_made.balance_amount as decimal(18, 2)) as principal_amount,
        rows_made.is_reduction,
        coalesce(taken_items.bears_fee, true) as bears_fee,
        case
            when rows_made.due_date_source = 'origin_item' then taken_items.due_date_source
            else rows_made.due_date_source
        end not in (
            'erp_invoice', 'extract_column', 'bill_label', 'invoice_terms', 'counterparty_terms',
            'person_terms', 'counterparty_file', 'entity_terms'
        ) as is_assumed,
        cast(
            2 * year(rows_made.due_date + 1)
            + case when month(rows_made.due_date + 1) > 6 then 1 else 0 end as integer
        ) as first_semester_no,
    from rows_made
    left join taken_items on taken_items.item_key = rows_made.item_key
)

select * from final
