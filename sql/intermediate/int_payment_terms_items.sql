-- grain: one row per table of article D. 441-6 and item in it or left out of it
-- key: table_no, item_key
-- question: Which invoices stand in which cell of the payment-terms tables?
-- materialized: view
-- columns:
--   table_no: 1 what is unpaid and due at the as-of date; 2 what was late during the fiscal year
--   item_key: the item
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   side: customer (issued) or supplier (received)
--   line_code: late, disputed, or left_out: payments and other credits that are no invoice
--   bucket: 0, 1-30, 31-60, 61-90 or 91+
--   late_days: days past due at the as-of date; in table 2 at the payment, if that was earlier
--   terms_basis: contractual or legal
--   incl_tax_amount: what is open in table 1, the whole invoice in table 2
--   excl_tax_amount: the same without tax, rounded per invoice
--   is_tax_estimated: without tax by the ratio of the entity
-- decisions: 40, 41
with

items as not materialized (
    select * from int_items
    where is_aged and due_date is not null
),

balances as not materialized (
    select * from int_item_balances
),

accounts as (
    select * from int_accounts
),

years as (
    select * from int_payment_years
),

roots as (
    select * from int_item_roots
),

documents as (
    select
        int_items.item_key,
        int_items.due_date_source,
        int_items.is_sale,
    from int_items
    where int_items.item_key in (select root_key from roots)
),

taxes as not materialized (
    select * from int_item_taxes
),

turnover as (
    select
        int_turnover_days.entity_no,
        int_turnover_days.side,
        sum(int_turnover_days.excl_tax_amount) / nullif(sum(int_turnover_days.incl_tax_amount), 0)
            as excl_tax_ratio,
    from int_turnover_days
    cross join params
    where int_turnover_days.turnover_date <= params.as_of
    group by int_turnover_days.entity_no, int_turnover_days.side
),

disputed as (
    select distinct int_item_disputes.item_key
    from int_item_disputes
    cross join params
    where
        int_item_disputes.disputed_from <= params.as_of
        and (int_item_disputes.disputed_to is null or int_item_disputes.disputed_to > params.as_of)
),

-- what bills, transfers and returned payments took over by the as-of date
taken_over as (
    select
        int_items.origin_item_key as item_key,
        sum(int_items.amount) as amount,
    from int_items
    cross join params
    where
        int_items.origin_item_key is not null
        and int_items.movement_date <= params.as_of
    group by int_items.origin_item_key
),

unpaid as (
    select
        1 as table_no,
        balances.item_key,
        params.as_of - balances.due_date as late_days,
        balances.balance_amount as incl_tax_amount,
    from balances
    cross join params
    where
        balances.is_aged
        and balances.due_date <= params.as_of
        and balances.valid_from <= params.as_of
        and (balances.valid_to is null or balances.valid_to > params.as_of)
),

unpaid_items as (
    select
        unpaid.*,
        items.account_key,
        items.item_type,
        items.is_sale,
        items.due_date_source,
        items.amount,
    from unpaid
    inner join items on items.item_key = unpaid.item_key
),

-- most items are settled in time or in an earlier year: those are set aside before any join
late_candidates as (
    select items.*
    from items
    where
        items.closed_on is null
        or (
            items.closed_on > items.due_date
            and items.closed_on >= (select min(fiscal_year_start) from years)
        )
),

-- late during the year: paid after the due date in it, or unpaid and past due at its end
late_items as (
    select
        2 as table_no,
        items.item_key,
        least(coalesce(items.closed_on, years.as_of), years.as_of) - items.due_date as late_days,
        items.amount - coalesce(taken_over.amount, 0) as incl_tax_amount,
        items.account_key,
        items.item_type,
        items.is_sale,
        items.due_date_source,
        items.amount,
    from late_candidates as items
    inner join accounts on accounts.account_key = items.account_key
    inner join years on years.entity_no = accounts.entity_no
    left join taken_over on taken_over.item_key = items.item_key
    where
        items.amount > 0
        and items.item_type <> 'refund'
        and items.movement_date <= years.as_of
        and items.due_date <= years.as_of
        and (
            items.closed_on is null
            or items.closed_on > years.as_of
            or (items.closed_on > items.due_date and items.closed_on >= years.fiscal_year_start)
        )
        and items.amount > coalesce(taken_over.amount, 0)
),

listed as (
    select * from unpaid_items
    union all
    select * from late_items
),

joined as (
    select
        listed.table_no,
        listed.item_key,
        accounts.entity_no,
        accounts.entity_id,
        accounts.side,
        cast(listed.late_days as integer) as late_days,
        listed.incl_tax_amount,
        case
            when (listed.amount < 0 and listed.item_type <> 'credit_note')
                or listed.item_type = 'refund' then 'left_out'
            when disputed.item_key is not null or disputed_roots.item_key is not null
                then 'disputed'
            else 'late'
        end as line_code,
        case
            when coalesce(documents.due_date_source, listed.due_date_source) = 'legal_default'
                then 'legal'
            else 'contractual'
        end as terms_basis,
        case
            when taxes.item_key is not null
                then cast(listed.incl_tax_amount as decimal(19, 2))
                    * cast(taxes.excl_tax_amount as decimal(19, 2)) / taxes.incl_tax_amount
            -- the entry of an invoice that has no VAT says so
            when coalesce(documents.is_sale, listed.is_sale) and years.has_ledger
                then listed.incl_tax_amount
            else listed.incl_tax_amount * coalesce(turnover.excl_tax_ratio, 1)
        end as excl_tax_amount,
        taxes.item_key is null
        and not (coalesce(documents.is_sale, listed.is_sale) and years.has_ledger)
            as is_tax_estimated,
    from listed
    inner join accounts on accounts.account_key = listed.account_key
    inner join years on years.entity_no = accounts.entity_no
    left join roots on roots.item_key = listed.item_key
    left join documents on documents.item_key = roots.root_key
    left join taxes on taxes.item_key = coalesce(roots.root_key, listed.item_key)
    left join disputed on disputed.item_key = listed.item_key
    left join disputed as disputed_roots on disputed_roots.item_key = roots.root_key
    left join turnover
        on turnover.entity_no = accounts.entity_no
        and turnover.side = accounts.side
),

final as (
    select
        table_no,
        item_key,
        entity_no,
        entity_id,
        side,
        line_code,
        case
            when late_days <= 0 then '0'
            when late_days <= 30 then '1-30'
            when late_days <= 60 then '31-60'
            when late_days <= 90 then '61-90'
            else '91+'
        end as bucket,
        late_days,
        terms_basis,
        cast(incl_tax_amount as decimal(18, 2)) as incl_tax_amount,
        cast(excl_tax_amount as decimal(18, 2)) as excl_tax_amount,
        is_tax_estimated,
    from joined
)

select * from final
