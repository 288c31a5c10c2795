-- Entries of the ledgers that count, one row per batch, journal and number.
select
    batch_no,
    fy_no,
    journal_code,
    entry_number,
    min(entry_date) as entry_date,
    max(entry_date) as last_entry_date,
    min(line_key) as entry_key,
    min(source_line) as first_line,
    max(source_line) as last_line,
    count(*) as line_count,
    sum(debit) as debit,
    sum(credit) as credit,
    cast(sum(debit_less_credit) as decimal(18, 2)) as entry_amount,
    min(document_ref) as first_document_ref,
    max(document_ref) as last_document_ref,
    min(document_date) as first_document_date,
    max(document_date) as last_document_date,
    min(matching_code) as first_matching_code,
    max(matching_code) as last_matching_code,
    -- bit n is account class n, as in int_entries
    cast(bit_or(
        case
            when substr(account, 1, 1) between '1' and '9'
                then 1 << cast(substr(account, 1, 1) as integer)
            else 1024
        end
    ) as integer) as class_flags,
from stg_fec__lines
group by batch_no, fy_no, journal_code, entry_number
