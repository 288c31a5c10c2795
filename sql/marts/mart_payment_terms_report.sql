-- grain: one row per entity, side, tax, table, line and column of article D. 441-6
-- key: entity_id, side, tax, table_no, line_code, bucket
-- sort: entity_id, table_no, tax, side, line_order, bucket_order
-- question: How late are the invoices received and issued, as the management report must say?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: supplier, invoices received (D. 441-6 I 1°), or customer, invoices issued (I 2°)
--   tax: incl or excl
--   table_no: 1 unpaid and due at the as-of date; 2 late at any time during the fiscal year
--   line_order: order of the line
--   line_code: late (A); excluded (B) and of it disputed and unbooked; contractual and legal (C),
--     the invoices of A by what their due date rests on; then what explains the figures:
--     tax_estimated, invoices of A without tax by the ratio of the entity; invoices, all those of
--     the year (table 2); left_out, undated and not_due, the rest of what is open (table 1)
--   bucket_order: order of the column
--   bucket: 0, 1-30, 31-60, 61-90, 91+ and total (1 day and more) for line A, else all
--   fiscal_year_start_date: first day of the fiscal year that holds the as-of date
--   invoice_count: number of invoices
--   invoice_amount: their amount, currency of the entity
--   base_amount: purchases or turnover of the year (table 1), invoices received or issued in it
--     (table 2); line A only
--   invoice_ratio: invoice_amount over base_amount; null where that is zero
-- decisions: 40, 41
with

listed as not materialized (
    select * from int_payment_terms_items
),

years as (
    select * from int_payment_years
),

accounts as (
    select * from int_accounts
),

-- amounts with and without tax beside each other first, then one below the other
item_cells as (
    select
        entity_id,
        side,
        table_no,
        line_code,
        bucket,
        terms_basis,
        is_tax_estimated,
        count(*) as invoice_count,
        sum(incl_tax_amount) as incl_tax_amount,
        sum(excl_tax_amount) as excl_tax_amount,
    from listed
    group by entity_id, side, table_no, line_code, bucket, terms_basis, is_tax_estimated
),

-- in the extract of invoices and not in the ledger
unbooked as (
    select
        mismatches.entity_id,
        mismatches.side,
        count(*) as invoice_count,
        sum(mismatches.extract_amount) as incl_tax_amount,
    from mart_extract_mismatches as mismatches
    cross join params
    where
        mismatches.mismatch = 'not_in_ledger'
        and mismatches.document_date <= params.as_of
        and coalesce(mismatches.due_date, mismatches.document_date + 30) <= params.as_of
    group by mismatches.entity_id, mismatches.side
),

-- open, and not due or without a date
rest as (
    select
        accounts.entity_id,
        accounts.side,
        case when balances.is_age_unknown and balances.due_date is null then 'undated'
            else 'not_due' end as line_code,
        count(*) as invoice_count,
        sum(balances.balance_amount) as incl_tax_amount,
    from int_item_balances as balances
    cross join params
    inner join accounts on accounts.account_key = balances.account_key
    where
        balances.is_aged
        and (balances.due_date is null or balances.due_date > params.as_of)
        and balances.valid_from <= params.as_of
        and (balances.valid_to is null or balances.valid_to > params.as_of)
    group by all
),

turnover as (
    select
        years.entity_id,
        days.side,
        sum(days.incl_tax_amount) filter (where days.turnover_date >= years.fiscal_year_start)
            as incl_tax_amount,
        sum(days.excl_tax_amount) filter (where days.turnover_date >= years.fiscal_year_start)
            as excl_tax_amount,
        sum(days.untold_amount) filter (where days.turnover_date >= years.fiscal_year_start)
            as untold_amount,
        sum(days.excl_tax_amount) / nullif(sum(days.incl_tax_amount), 0) as excl_tax_ratio,
    from int_turnover_days as days
    inner join years on years.entity_no = days.entity_no
    where days.turnover_date <= years.as_of
    group by years.entity_id, days.side
),

-- invoices of the year, whether late or not
year_invoices as (
    select
        years.entity_id,
        accounts.side,
        count(*) as invoice_count,
        sum(items.amount) as incl_tax_amount,
        sum(cast(case
            when taxes.item_key is not null
                then cast(items.amount as decimal(19, 2))
                    * cast(taxes.excl_tax_amount as decimal(19, 2)) / taxes.incl_tax_amount
            when years.has_ledger then items.amount
        end as decimal(18, 2))) as told_amount,
        coalesce(sum(items.amount) filter (
            where taxes.item_key is null and not years.has_ledger
        ), 0) as untold_amount,
    from int_items as items
    inner join accounts on accounts.account_key = items.account_key
    inner join years
        on years.entity_no = accounts.entity_no
        and items.movement_date between years.fiscal_year_start and years.as_of
    left join int_item_taxes as taxes on taxes.item_key = items.item_key
    where items.is_sale and items.is_aged and items.amount > 0
    group by years.entity_id, accounts.side
),

both_taxes as (
    select entity_id, side, table_no, line_code, bucket, terms_basis, is_tax_estimated,
        invoice_count, incl_tax_amount, excl_tax_amount
    from item_cells
    union all
    select
        unbooked.entity_id, unbooked.side, tables.table_no, 'unbooked', 'all', null, false,
        unbooked.invoice_count,
        unbooked.incl_tax_amount,
        unbooked.incl_tax_amount * coalesce(turnover.excl_tax_ratio, 1),
    from unbooked
    cross join (values (1), (2)) as tables (table_no)
    left join turnover
        on turnover.entity_id = unbooked.entity_id
        and turnover.side = unbooked.side
    union all
    select
        rest.entity_id, rest.side, 1, rest.line_code, 'all', null, false,
        rest.invoice_count,
        rest.incl_tax_amount,
        rest.incl_tax_amount * coalesce(turnover.excl_tax_ratio, 1),
    from rest
    left join turnover
        on turnover.entity_id = rest.entity_id
        and turnover.side = rest.side
    union all
    select
        year_invoices.entity_id, year_invoices.side, 2, 'invoices', 'all', null, false,
        year_invoices.invoice_count,
        year_invoices.incl_tax_amount,
        coalesce(year_invoices.told_amount, 0)
        + year_invoices.untold_amount * coalesce(turnover.excl_tax_ratio, 1),
    from year_invoices
    left join turnover
        on turnover.entity_id = year_invoices.entity_id
        and turnover.side = year_invoices.side
),

cells as (
    select
        both_taxes.* exclude (incl_tax_amount, excl_tax_amount),
        taxes.tax,
        case when taxes.tax = 'incl' then incl_tax_amount else excl_tax_amount end
            as invoice_amount,
    from both_taxes
    cross join (values ('incl'), ('excl')) as taxes (tax)
),

bases as (
    select
        entity_id,
        side,
        1 as table_no,
        'incl' as tax,
        incl_tax_amount + untold_amount as base_amount,
    from turnover
    union all
    select
        entity_id,
        side,
        1,
        'excl',
        excl_tax_amount + untold_amount * coalesce(excl_tax_ratio, 1),
    from turnover
    union all
    select entity_id, side, table_no, tax, invoice_amount
    from cells
    where line_code = 'invoices'
),

-- a line or column of the table gathers these cells
lines as (
    select
        line_order,
        line_code,
        bucket_order,
        bucket,
        from_line,
        from_bucket,
        basis,
        is_for_one,
    from (values
        (1, 'late', 0, '0', 'late', '0', null, false),
        (1, 'late', 1, '1-30', 'late', '1-30', null, false),
        (1, 'late', 2, '31-60', 'late', '31-60', null, false),
        (1, 'late', 3, '61-90', 'late', '61-90', null, false),
        (1, 'late', 4, '91+', 'late', '91+', null, false),
        (1, 'late', 5, 'total', 'late', '1-30', null, false),
        (1, 'late', 5, 'total', 'late', '31-60', null, false),
        (1, 'late', 5, 'total', 'late', '61-90', null, false),
        (1, 'late', 5, 'total', 'late', '91+', null, false),
        (2, 'excluded', 6, 'all', 'disputed', null, null, false),
        (2, 'excluded', 6, 'all', 'unbooked', null, null, false),
        (3, 'disputed', 6, 'all', 'disputed', null, null, false),
        (4, 'unbooked', 6, 'all', 'unbooked', null, null, false),
        (5, 'contractual', 6, 'all', 'late', null, 'contractual', false),
        (6, 'legal', 6, 'all', 'late', null, 'legal', false),
        (7, 'tax_estimated', 6, 'all', 'late', null, 'estimated', false),
        (8, 'invoices', 6, 'all', 'invoices', null, null, false),
        (9, 'left_out', 6, 'all', 'left_out', null, null, true),
        (10, 'undated', 6, 'all', 'undated', null, null, true),
        (11, 'not_due', 6, 'all', 'not_due', null, null, true)
    ) as listed_lines (
        line_order, line_code, bucket_order, bucket, from_line, from_bucket, basis, is_for_one
    )
),

gathered as (
    select
        years.entity_id,
        years.fiscal_year_start,
        sides.side,
        taxes.tax,
        tables.table_no,
        lines.line_order,
        lines.line_code,
        lines.bucket_order,
        lines.bucket,
        coalesce(sum(cells.invoice_count), 0) as invoice_count,
        coalesce(sum(cells.invoice_amount), 0) as invoice_amount,
    from years
    cross join (values ('customer'), ('supplier')) as sides (side)
    cross join (values ('incl'), ('excl')) as taxes (tax)
    cross join (values (1), (2)) as tables (table_no)
    inner join lines
        on (not lines.is_for_one or tables.table_no = 1)
        and (lines.line_code <> 'invoices' or tables.table_no = 2)
    left join cells
        on cells.entity_id = years.entity_id
        and cells.side = sides.side
        and cells.tax = taxes.tax
        and cells.table_no = tables.table_no
        and cells.line_code = lines.from_line
        and (lines.from_bucket is null or cells.bucket = lines.from_bucket)
        and (
            lines.basis is null
            or cells.terms_basis = lines.basis
            or (lines.basis = 'estimated' and cells.is_tax_estimated)
        )
    group by
        years.entity_id, years.fiscal_year_start, sides.side, taxes.tax, tables.table_no,
        lines.line_order, lines.line_code, lines.bucket_order, lines.bucket
),

final as (
    select
        gathered.entity_id,
        gathered.side,
        gathered.tax,
        cast(gathered.table_no as integer) as table_no,
        cast(gathered.line_order as integer) as line_order,
        gathered.line_code,
        cast(gathered.bucket_order as integer) as bucket_order,
        gathered.bucket,
        gathered.fiscal_year_start as fiscal_year_start_date,
        cast(gathered.invoice_count as bigint) as invoice_count,
        cast(gathered.invoice_amount as decimal(18, 2)) as invoice_amount,
        cast(case when gathered.line_code = 'late' then coalesce(bases.base_amount, 0) end
            as decimal(18, 2)) as base_amount,
        cast(case when gathered.line_code = 'late'
            then gathered.invoice_amount / nullif(bases.base_amount, 0) end as decimal(12, 6))
            as invoice_ratio,
    from gathered
    left join bases
        on bases.entity_id = gathered.entity_id
        and bases.side = gathered.side
        and bases.tax = gathered.tax
        and bases.table_no = gathered.table_no
)

select * from final
