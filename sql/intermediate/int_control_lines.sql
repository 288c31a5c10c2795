-- grain: one row per ledger line on a third-party account
-- key: line_key
-- question: What is each line of the control accounts?
-- materialized: scratch
-- columns:
--   line_key: the line
--   fy_no: fiscal year
--   entry_key: first line of the entry
--   account_key: third-party account
--   is_opening: the line carries a balance of the year before
--   line_type: what the entry makes of the line, DECISIONS 4
--   movement_date: accounting date; the first day of the year for an opening and for what is
--     dated before it
--   document_date: date of the document
--   document_ref: reference of the document
--   label: text of the line; kept where it is read: on credits, bills and returned payments
--   amount: positive in the normal direction of the side, currency of the entity
--   matching_code: lettering code
--   due_date: due date of the extract
--   currency: document currency
--   currency_amount: amount in document currency
--   batch_no: batch that landed the line
--   source_line: line of the extract
-- decisions: 4, 6
with

lines as (
    select * from stg_fec__lines
    where account like '40%' or account like '41%'
),

accounts as (
    select * from int_accounts
),

entry_lines as (
    select
        unnest(control_line_keys) as line_key,
        entry_key,
        counterpart_flags,
    from int_entries
),

openings as (
    select * from int_opening_entries
),

fiscal_years as (
    select * from stg_fec__fiscal_years
),

joined as (
    select
        lines.line_key,
        lines.fy_no,
        accounts.account_key,
        accounts.side,
        accounts.item_kind,
        accounts.account_family,
        openings.entry_key is not null as is_opening,
        -- a line dated before its fiscal year counts from the first day of it
        case when openings.entry_key is not null then fiscal_years.fiscal_year_start
            else greatest(lines.entry_date, fiscal_years.fiscal_year_start) end as movement_date,
        lines.document_date,
        lines.document_ref,
        lines.label,
        cast(case when accounts.side = 'customer' then lines.debit_less_credit
            else -lines.debit_less_credit end as decimal(18, 2)) as amount,
        lines.matching_code,
        lines.due_date,
        lines.currency,
        lines.currency_amount,
        lines.batch_no,
        lines.source_line,
        entry_lines.entry_key,
        entry_lines.counterpart_flags as flags,
    from lines
    inner join accounts
        on accounts.entity_no = lines.entity_no
        and accounts.account = lines.account
        and accounts.aux_account is not distinct from lines.aux_account
    inner join fiscal_years on fiscal_years.fy_no = lines.fy_no
    inner join entry_lines on entry_lines.line_key = lines.line_key
    left join openings on openings.entry_key = entry_lines.entry_key
),

typed as (
    select
        line_key,
        fy_no,
        entry_key,
        account_key,
        item_kind,
        is_opening,
        case
            when is_opening then 'opening'
            -- customers: 1 sales credit, 2 sales debit, 16 bank debit, 32 bank credit
            when side = 'customer' and amount > 0 then case
                when account_family = '413' and flags & 8192 > 0 then 'transfer'
                when account_family = '416' and (flags & 8192 > 0 or flags & 65536 > 0)
                    then 'transfer'
                when account_family = '419' and flags & 8192 > 0 then 'deposit_used'
                when flags & 1 > 0 then 'invoice'
                when flags & 32 > 0 then 'bank_return'
                when flags & 8192 > 0 or flags & 65536 > 0 or flags & 262144 > 0 then 'transfer'
                else 'other'
            end
            when side = 'customer' then case
                when flags & 2 > 0 and flags & 16 = 0 then 'credit_note'
                when account_family = '419' and flags & 16 > 0 then 'deposit'
                when flags & 16 > 0 then 'payment'
                when flags & 64 > 0 then 'write_off'
                when flags & 128 > 0 then 'discount'
                when flags & 512 > 0 and account_family <> '419' then 'deposit_used'
                when flags & 32768 > 0 or flags & 131072 > 0 then 'transfer'
                when flags & 524288 > 0 then 'compensation'
                when flags & 16384 > 0 then 'transfer'
                else 'other'
            end
            -- suppliers: 4 purchase debit, 8 purchase credit, 32 bank credit, 16 bank debit
            when amount > 0 then case
                when account_family in ('403', '405') and flags & 524288 > 0 then 'transfer'
                when account_family = '409' and flags & 524288 > 0 then 'deposit_used'
                when flags & 4 > 0 then 'invoice'
                when flags & 16 > 0 then 'bank_return'
                when flags & 524288 > 0 or flags & 4194304 > 0 then 'transfer'
                else 'other'
            end
            else case
                when flags & 8 > 0 and flags & 32 = 0 then 'credit_note'
                when account_family = '409' and flags & 32 > 0 then 'deposit'
                when flags & 32 > 0 then 'payment'
                when flags & 256 > 0 then 'discount'
                when flags & 2048 > 0 and account_family <> '409' then 'deposit_used'
                when flags & 2097152 > 0 then 'transfer'
                when flags & 8192 > 0 then 'compensation'
                when flags & 1048576 > 0 then 'transfer'
                else 'other'
            end
        end as line_type,
        movement_date,
        document_date,
        document_ref,
        label,
        amount,
        matching_code,
        due_date,
        currency,
        currency_amount,
        batch_no,
        source_line,
    from joined
),

final as (
    select
        line_key,
        fy_no,
        entry_key,
        account_key,
        is_opening,
        line_type,
        movement_date,
        document_date,
        document_ref,
        case when amount < 0 or item_kind = 'bill' or line_type = 'bank_return' then label end
            as label,
        amount,
        matching_code,
        due_date,
        currency,
        currency_amount,
        batch_no,
        source_line,
    from typed
)

select * from final
