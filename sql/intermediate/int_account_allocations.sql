-- grain: one row per debit and credit that settle each other across the lines of an account
-- key: debit_key, credit_key, match_method
-- question: Which earlier items does a lettering with an opening settle, and what does FIFO give
--   where a ledger carries no lettering at all?
-- materialized: scratch
-- columns:
--   debit_key: the debit item
--   credit_key: the credit item
--   amount: amount settled, positive
--   match_method: carried_reference, carried_amount, carried_fifo or estimated_fifo
-- decisions: 7, 9
with

pairs as not materialized (
    select * from int_group_allocations
),

carried as (
    select * from int_opening_lines
    where not is_item
),

accounts as (
    select * from int_accounts
),

-- the gap of an opening belongs to the years before, as that opening does
items as not materialized (
    select
        line_key,
        case when entry_key is null then fy_no - 1 else fy_no end as fy_no,
        chain_no,
        account_key,
        movement_date,
        document_ref,
        label,
        amount,
    from int_item_lines
),

entities as (
    select * from project_entities
),

-- a line of the year that is lettered with an opening asks for items of earlier years
asked as (
    select
        pairs.credit_key as line_key,
        carried.carried_line_key,
        pairs.amount,
    from pairs
    inner join carried on carried.line_key = pairs.debit_key
    union all
    select
        pairs.debit_key as line_key,
        carried.carried_line_key,
        pairs.amount,
    from pairs
    inner join carried on carried.line_key = pairs.credit_key
),

-- what the items that openings repeat have already settled inside their own group
carried_totals as (
    select
        line_key,
        sum(amount) as amount,
    from (
        select debit_key as line_key, amount from pairs
        union all
        select credit_key as line_key, amount from pairs
    )
    where line_key in (select carried_line_key from carried)
    group by line_key
),

-- two openings lettered together stand for the two items that they repeat, as far as the
-- credit goes
both_carried as (
    select
        credits.carried_line_key as line_key,
        debits.carried_line_key,
        pairs.amount,
    from pairs
    inner join carried as debits on debits.line_key = pairs.debit_key
    inner join carried as credits on credits.line_key = pairs.credit_key
    inner join items on items.line_key = credits.carried_line_key
    left join carried_totals on carried_totals.line_key = credits.carried_line_key
    where
        debits.carried_line_key is not null
        and carried_totals.line_key is null
    qualify
        sum(pairs.amount) over (
            partition by credits.carried_line_key
            order by credits.fy_no, pairs.credit_key, pairs.debit_key
        ) <= abs(items.amount)
),

demands as (
    select
        items.line_key,
        items.fy_no,
        items.chain_no,
        items.account_key,
        items.movement_date,
        items.amount > 0 as is_debit,
        asked.carried_line_key,
        asked.amount,
    from (
        select line_key, carried_line_key, amount from asked
        where line_key not in (select line_key from carried)
        union all
        select line_key, carried_line_key, amount from both_carried
    ) as asked
    inner join items on items.line_key = asked.line_key
),

-- first the item that the opening line repeats, as far as it is still open
star_amounts as (
    select
        demands.line_key,
        demands.is_debit,
        demands.carried_line_key,
        demands.amount,
        abs(items.amount) - coalesce(carried_totals.amount, 0)
        - coalesce(both_totals.amount, 0) as open_amount,
        coalesce(sum(demands.amount) over (
            partition by demands.carried_line_key
            order by demands.movement_date, demands.line_key, demands.amount
            rows between unbounded preceding and 1 preceding
        ), 0) as before_amount,
    from demands
    inner join items on items.line_key = demands.carried_line_key
    left join carried_totals on carried_totals.line_key = demands.carried_line_key
    left join (
        select
            line_key,
            sum(amount) as amount,
        from both_carried
        group by line_key
    ) as both_totals on both_totals.line_key = demands.carried_line_key
),

by_reference as (
    select
        line_key,
        is_debit,
        carried_line_key as item_key,
        sum(least(amount, open_amount - before_amount)) as amount,
    from star_amounts
    where open_amount > before_amount
    group by line_key, is_debit, carried_line_key
),

-- then the items of earlier years that no opening line of the year repeats
left_over as (
    select
        demands.line_key,
        demands.fy_no,
        demands.chain_no,
        demands.account_key,
        demands.movement_date,
        demands.is_debit,
        sum(demands.amount) - coalesce(settled.amount, 0) as amount,
    from demands
    left join (
        select
            line_key,
            sum(amount) as amount,
        from by_reference
        group by line_key
    ) as settled on settled.line_key = demands.line_key
    group by
        demands.line_key, demands.fy_no, demands.chain_no, demands.account_key,
        demands.movement_date, demands.is_debit, settled.amount
    having sum(demands.amount) > coalesce(settled.amount, 0)
),

asking_years as (
    select distinct
        account_key,
        chain_no,
        is_debit,
        fy_no,
    from left_over
),

-- one row per item and later year that asks and does not repeat it, made one per item
pool_keys as (
    select distinct items.line_key
    from items
    inner join asking_years
        on asking_years.account_key = items.account_key
        and asking_years.chain_no = items.chain_no
        and asking_years.is_debit = (items.amount < 0)
        and asking_years.fy_no > items.fy_no
    left join carried
        on carried.carried_line_key = items.line_key
        and carried.fy_no = asking_years.fy_no
    where carried.line_key is null
),

-- what items cannot give any more: settled inside their own group, asked for by themselves,
-- or given to the lines of their opening
given_totals as (
    select
        line_key,
        sum(amount) as amount,
    from (
        select debit_key as line_key, amount from pairs
        union all
        select credit_key as line_key, amount from pairs
        union all
        select line_key, amount from both_carried
        union all
        select item_key as line_key, amount from by_reference
    )
    where line_key in (select line_key from pool_keys)
    group by line_key
),

pool as (
    select
        items.line_key,
        items.fy_no,
        items.chain_no,
        items.account_key,
        items.movement_date,
        items.amount < 0 as is_debit,
        abs(items.amount) - coalesce(given_totals.amount, 0) as amount,
    from items
    inner join pool_keys on pool_keys.line_key = items.line_key
    left join given_totals on given_totals.line_key = items.line_key
    where
        abs(items.amount) > coalesce(given_totals.amount, 0)
        and items.line_key not in (select line_key from left_over)
),

ranked_demands as (
    select
        *,
        row_number() over (
            partition by account_key, chain_no, is_debit, amount
            order by fy_no, movement_date, line_key
        ) as rank_no,
    from left_over
),

ranked_pool as (
    select
        *,
        row_number() over (
            partition by account_key, chain_no, is_debit, amount
            order by fy_no, movement_date, line_key
        ) as rank_no,
    from pool
),

-- is_debit of the pool is that of the line which asks
by_amount as (
    select
        ranked_demands.line_key,
        ranked_demands.is_debit,
        ranked_pool.line_key as item_key,
        ranked_demands.amount,
    from ranked_demands
    inner join ranked_pool
        on ranked_pool.account_key = ranked_demands.account_key
        and ranked_pool.chain_no = ranked_demands.chain_no
        and ranked_pool.is_debit = ranked_demands.is_debit
        and ranked_pool.amount = ranked_demands.amount
        and ranked_pool.rank_no = ranked_demands.rank_no
        and ranked_pool.fy_no < ranked_demands.fy_no
),

-- entities that ask for FIFO, on a side that carries no lettering at all
fifo_accounts as (
    select
        accounts.account_key,
        accounts.entity_no,
        accounts.side,
    from accounts
    inner join entities
        on entities.entity_no = accounts.entity_no
        and entities.matching = 'fifo'
),

lettered_sides as (
    select distinct
        fifo_accounts.entity_no,
        fifo_accounts.side,
    from int_control_lines as lines
    inner join fifo_accounts on fifo_accounts.account_key = lines.account_key
    where lines.matching_code is not null
),

-- both sides laid end to end from the oldest; a lane is an account, a run of years and a
-- purpose: 1 a debit asks, 2 a credit asks, 3 first in first out
queue as (
    select
        account_key,
        chain_no * 10 + case when is_debit then 1 else 2 end as lane_no,
        is_debit,
        line_key,
        fy_no,
        movement_date,
        amount,
    from left_over
    where line_key not in (select line_key from by_amount)
    union all
    select
        account_key,
        chain_no * 10 + case when is_debit then 1 else 2 end as lane_no,
        not is_debit as is_debit,
        line_key,
        fy_no,
        movement_date,
        amount,
    from pool
    where line_key not in (select item_key from by_amount)
    union all
    select
        items.account_key,
        items.chain_no * 10 + 3 as lane_no,
        items.amount > 0 as is_debit,
        items.line_key,
        items.fy_no,
        items.movement_date,
        abs(items.amount) as amount,
    from items
    inner join fifo_accounts on fifo_accounts.account_key = items.account_key
    where (fifo_accounts.entity_no, fifo_accounts.side) not in (
        select (entity_no, side) from lettered_sides
    )
),

stretches as (
    select
        account_key,
        lane_no,
        line_key,
        fy_no,
        is_debit,
        sum(amount) over (
            partition by account_key, lane_no, is_debit
            order by fy_no, movement_date, line_key
        ) - amount as start_amount,
        sum(amount) over (partition by account_key, lane_no, is_debit) as side_amount,
    from queue
),

points as (
    select
        account_key,
        lane_no,
        start_amount,
        max(case when is_debit then line_key end) as debit_key,
        max(case when is_debit then fy_no end) as debit_fy_no,
        max(case when not is_debit then line_key end) as credit_key,
        max(case when not is_debit then fy_no end) as credit_fy_no,
        max(case when is_debit then side_amount end) as debit_amount,
        max(case when not is_debit then side_amount end) as credit_amount,
    from stretches
    group by account_key, lane_no, start_amount
),

laid as (
    select
        lane_no,
        last_value(debit_key ignore nulls) over point as debit_key,
        last_value(debit_fy_no ignore nulls) over point as debit_fy_no,
        last_value(credit_key ignore nulls) over point as credit_key,
        last_value(credit_fy_no ignore nulls) over point as credit_fy_no,
        start_amount,
        least(
            coalesce(lead(start_amount) over point, debit_amount, credit_amount),
            max(debit_amount) over whole,
            max(credit_amount) over whole
        ) as end_amount,
        max(debit_amount) over whole as debit_amount,
        max(credit_amount) over whole as credit_amount,
    from points
    window
        point as (partition by account_key, lane_no order by start_amount),
        whole as (partition by account_key, lane_no)
),

-- a line that asks settles items of earlier years only
by_fifo as (
    select
        debit_key,
        credit_key,
        end_amount - start_amount as amount,
        case when lane_no % 10 = 3 then 'estimated_fifo' else 'carried_fifo' end as match_method,
    from laid
    where
        debit_amount is not null
        and credit_amount is not null
        and end_amount > start_amount
        and (
            lane_no % 10 = 3
            or (lane_no % 10 = 1 and credit_fy_no < debit_fy_no)
            or (lane_no % 10 = 2 and debit_fy_no < credit_fy_no)
        )
),

final as (
    select
        case when is_debit then line_key else item_key end as debit_key,
        case when is_debit then item_key else line_key end as credit_key,
        amount,
        'carried_reference' as match_method,
    from by_reference
    union all
    select
        case when is_debit then line_key else item_key end as debit_key,
        case when is_debit then item_key else line_key end as credit_key,
        amount,
        'carried_amount' as match_method,
    from by_amount
    union all
    select
        debit_key,
        credit_key,
        amount,
        match_method,
    from by_fifo
)

select
    debit_key,
    credit_key,
    cast(amount as decimal(18, 2)) as amount,
    match_method,
from final
