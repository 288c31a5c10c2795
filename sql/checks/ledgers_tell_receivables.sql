-- severity: warn
-- sentence: These fiscal years book sales straight against the bank and hold no customer account,
--   as a cash-basis ledger does (a FEC of 21 or 22 columns): what customers owe cannot be told from
--   them, load the invoices of the software as well.
with

entries as (
    select
        fy_no,
        bool_or(
            counterpart_flags & 1 > 0 and counterpart_flags & 16 > 0
            and control_line_keys is null
        ) as has_cash_sales,
        bool_or(counterpart_flags & 24576 > 0) as has_customers,
    from int_entries
    group by fy_no
)

select
    stg_fec__fiscal_years.entity_id,
    stg_fec__fiscal_years.fiscal_year_start,
from entries
inner join stg_fec__fiscal_years on stg_fec__fiscal_years.fy_no = entries.fy_no
where entries.has_cash_sales and not entries.has_customers
