-- severity: warn
-- sentence: The debits of these entries are not equal to their credits.
select
    stg_fec__fiscal_years.entity_id,
    int_entries.journal_code,
    int_entries.entry_number,
    int_entries.entry_date,
    int_entries.entry_amount,
from int_entries
inner join stg_fec__fiscal_years on stg_fec__fiscal_years.fy_no = int_entries.fy_no
where int_entries.entry_amount <> 0
