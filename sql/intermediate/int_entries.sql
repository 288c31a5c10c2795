-- grain: one row per accounting entry
-- key: fy_no, journal_code, entry_number, entry_date
-- question: Which kinds of account does an entry touch, and on which side?
-- materialized: scratch
-- columns:
--   fy_no: fiscal year
--   journal_code: code of the journal
--   entry_number: number of the entry
--   entry_date: accounting date
--   class_flags: one bit per account class (bit 1 is class 1)
--   counterpart_flags: one bit per kind of account and side, see DECISIONS 4
--   entry_amount: debit less credit over the entry, zero where it balances
--   sales_amount: credit less debit on the sales accounts (class 70)
--   purchase_amount: debit less credit on the purchases (60 without 603, 61, 62)
--   vat_amount: credit less debit on the VAT of sales and purchases (4456, 4457)
--   control_amount: debit less credit on the third-party accounts
--   entry_key: its first line
--   control_line_keys: its lines on third-party accounts, in order; null where there are none
-- decisions: 4, 40
with

lines as (
    select * from stg_fec__lines
),

flagged as (
    select
        fy_no,
        journal_code,
        entry_number,
        entry_date,
        line_key,
        debit_less_credit,
        substr(account, 1, 2) = '70' as is_sales,
        substr(account, 1, 2) in ('60', '61', '62') and substr(account, 1, 3) <> '603'
            as is_purchase,
        substr(account, 1, 4) in ('4456', '4457') as is_vat,
        substr(account, 1, 2) in ('40', '41') and debit_less_credit <> 0 as is_control,
        case substr(account, 1, 1)
            when '1' then 2
            when '2' then 4
            when '3' then 8
            when '4' then 16
            when '5' then 32
            when '6' then 64
            when '7' then 128
            when '8' then 256
            when '9' then 512
            else 1024
        end as class_flag,
        case
            when debit_less_credit = 0 then 0
            when substr(account, 1, 2) = '70' then case when debit_less_credit < 0 then 1 else 2 end
            when substr(account, 1, 3) = '654' then 64
            when substr(account, 1, 3) = '665' then 128
            when substr(account, 1, 3) = '765' then 256
            when substr(account, 1, 1) in ('2', '6')
                then case when debit_less_credit > 0 then 4 else 8 end
            when substr(account, 1, 2) in ('51', '53', '54', '58')
                then case when debit_less_credit > 0 then 16 else 32 end
            when substr(account, 1, 3) = '419'
                then case when debit_less_credit > 0 then 512 else 1024 end
            when substr(account, 1, 3) = '409'
                then case when debit_less_credit < 0 then 2048 else 4096 end
            when substr(account, 1, 3) = '411'
                then case when debit_less_credit < 0 then 8192 else 16384 end
            when substr(account, 1, 3) = '413'
                then case when debit_less_credit > 0 then 32768 else 65536 end
            when substr(account, 1, 3) = '416'
                then case when debit_less_credit > 0 then 131072 else 262144 end
            when substr(account, 1, 3) in ('401', '404')
                then case when debit_less_credit > 0 then 524288 else 1048576 end
            when substr(account, 1, 3) in ('403', '405')
                then case when debit_less_credit < 0 then 2097152 else 4194304 end
            else 0
        end as counterpart_flag,
    from lines
),

final as (
    select
        fy_no,
        journal_code,
        entry_number,
        entry_date,
        cast(bit_or(class_flag) as integer) as class_flags,
        cast(bit_or(counterpart_flag) as integer) as counterpart_flags,
        cast(sum(debit_less_credit) as decimal(18, 2)) as entry_amount,
        cast(
            coalesce(-sum(debit_less_credit) filter (where is_sales), 0) as decimal(18, 2)
        ) as sales_amount,
        cast(
            coalesce(sum(debit_less_credit) filter (where is_purchase), 0) as decimal(18, 2)
        ) as purchase_amount,
        cast(
            coalesce(-sum(debit_less_credit) filter (where is_vat), 0) as decimal(18, 2)
        ) as vat_amount,
        cast(
            coalesce(sum(debit_less_credit) filter (where is_control), 0) as decimal(18, 2)
        ) as control_amount,
        min(line_key) as entry_key,
        list(line_key order by line_key) filter (where is_control) as control_line_keys,
    from flagged
    group by fy_no, journal_code, entry_number, entry_date
)

select * from final
