-- Entries of several dates, one row per date, as int_entries has them.
select
    lines.fy_no,
    lines.journal_code,
    lines.entry_number,
    lines.entry_date,
    cast(bit_or(
        case
            when substr(lines.account, 1, 1) between '1' and '9'
                then 1 << cast(substr(lines.account, 1, 1) as integer)
            else 1024
        end
    ) as integer) as class_flags,
    cast(sum(lines.debit_less_credit) as decimal(18, 2)) as entry_amount,
    min(lines.line_key) as entry_key,
from stg_fec__lines as lines
semi join (
    select * from audit_entries
    where entry_date <> last_entry_date
) as several
    on several.batch_no = lines.batch_no
    and several.journal_code = lines.journal_code
    and several.entry_number = lines.entry_number
group by lines.fy_no, lines.journal_code, lines.entry_number, lines.entry_date
