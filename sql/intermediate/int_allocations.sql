-- grain: one row per debit and credit that settle each other; several where an extract does so on
--   several days
-- key: debit_key, credit_key, allocation_date
-- question: Which credit settles which debit, when, how, and how do we know?
-- materialized: table
-- columns:
--   debit_key: the debit item
--   credit_key: the credit item
--   allocation_date: the later of the two accounting dates; for an extract the date that it gives
--   amount: amount settled, positive
--   settlement_kind: how the item was settled: cash, credit_note, deposit, discount, write_off,
--     compensation, transfer, refund, other
--   match_method: how the two were put together
--   debit_movement_no: number of the movement on the debit, from 2, by date and credit
--   credit_movement_no: number of the movement on the credit, from 2, by date and debit
-- decisions: 4, 8, 10, 23
with

items as not materialized (
    select
        line_key,
        line_type,
        movement_date,
    from int_item_lines
),

-- openings that repeat items of earlier years are no items: those answer for them
carried as not materialized (
    select line_key from int_opening_lines
    where not is_item
),

pairs as (
    select debit_key, credit_key, amount, match_method
    from int_group_allocations
    anti join carried as debits on debits.line_key = debit_key
    anti join carried as credits on credits.line_key = credit_key
    union all
    select debit_key, credit_key, amount, match_method from int_account_allocations
),

-- a pair that two steps settle in part is one allocation, named after its larger part
summed as (
    select
        debit_key,
        credit_key,
        sum(amount) as amount,
        arg_max(match_method, (amount, match_method)) as match_method,
        cast(null as date) as allocation_date,
    from pairs
    group by debit_key, credit_key
    union all
    select
        debit_key,
        credit_key,
        sum(amount) as amount,
        'extract' as match_method,
        allocation_date,
    from int_erp_allocations
    group by debit_key, credit_key, allocation_date
    union all
    select
        case when amount < 0 then document_key else line_key end as debit_key,
        case when amount < 0 then line_key else document_key end as credit_key,
        abs(amount) as amount,
        'settled_date' as match_method,
        movement_date as allocation_date,
    from int_erp_settlements
),

dated as (
    select
        summed.debit_key,
        summed.credit_key,
        coalesce(
            summed.allocation_date, greatest(debits.movement_date, credits.movement_date)
        ) as allocation_date,
        cast(summed.amount as decimal(18, 2)) as amount,
        case
            when debits.line_type = 'bank_return'
                and credits.line_type in ('payment', 'deposit', 'credit_note', 'opening')
                and credits.movement_date <= debits.movement_date
                then 'refund'
            when credits.line_type = 'payment' then 'cash'
            when credits.line_type in ('deposit', 'deposit_used') then 'deposit'
            when credits.line_type in (
                'credit_note', 'discount', 'write_off', 'compensation', 'transfer'
            ) then credits.line_type
            else 'other'
        end as settlement_kind,
        summed.match_method,
    from summed
    inner join items as debits on debits.line_key = summed.debit_key
    inner join items as credits on credits.line_key = summed.credit_key
),

final as (
    select
        debit_key,
        credit_key,
        allocation_date,
        amount,
        cast(settlement_kind as enum (
            'cash', 'credit_note', 'deposit', 'discount', 'write_off', 'compensation', 'transfer',
            'refund', 'other'
        )) as settlement_kind,
        cast(match_method as enum (
            'group', 'reference', 'label', 'amount', 'fifo', 'carried_reference',
            'carried_amount', 'carried_fifo', 'estimated_fifo', 'extract', 'settled_date'
        )) as match_method,
        cast(1 + row_number() over (
            partition by debit_key order by allocation_date, credit_key
        ) as integer) as debit_movement_no,
        cast(1 + row_number() over (
            partition by credit_key order by allocation_date, debit_key
        ) as integer) as credit_movement_no,
    from dated
)

select * from final
